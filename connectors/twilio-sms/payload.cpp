#include "connectors/twilio-sms/payload.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/twilio_message.hpp"
#include "engine/domain/identity.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace kindred::connectors::twilio_sms {
namespace {

using channel::form;
using channel::record;

/// The words that Twilio itself acts upon, alone in a message (help.twilio.com, "Twilio support for opt-out keywords").
/// YES is left out: it answers other questions more often than it asks for messages again.
constexpr std::array<std::string_view, 8> leaving_words{"stop", "stopall", "unsubscribe", "cancel",
                                                        "end",  "quit",    "revoke",      "optout"};
constexpr std::array<std::string_view, 2> coming_back_words{"start", "unstop"};

template <class Words>
bool is_one_of(const Words& words, std::string_view said) {
    return std::find(words.begin(), words.end(), said) != words.end();
}

/// Twilio says OptOutType where the account manages opting out itself; else the text speaks.
void read_consent(const form& fields, record& made) {
    auto said = to_lower_ascii(trim(fields["OptOutType"]));
    if (said.empty()) said = to_lower_ascii(trim(fields["Body"]));
    if (is_one_of(leaving_words, said)) made.add_detail("opt_out", "true");
    if (is_one_of(coming_back_words, said)) made.add_detail("opt_in", "true");
}

void read_place(const form& fields, record& made) {
    json::writer place;
    place.begin_object();
    place.member_if("city", fields["FromCity"]).member_if("state", fields["FromState"]);
    place.member_if("zip", fields["FromZip"]).member_if("country", fields["FromCountry"]).end_object();
    if (place.text() != "{}") made.add_detail("geo", place.take());
}

}  // namespace

result<record> parse(const form& fields) {
    if (channel::is_twilio_status(fields)) return channel::twilio_message_status(fields);
    auto made = channel::twilio_message(fields);
    if (!made) return made;
    // A short code or a name in letters is no number of a person: whoever writes from it stays alone.
    if (auto number = phone_identity(made->from)) made->identities.push_back(std::move(*number));
    read_consent(fields, *made);
    read_place(fields, *made);
    return made;
}

}  // namespace kindred::connectors::twilio_sms
