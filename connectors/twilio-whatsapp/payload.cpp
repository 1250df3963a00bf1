#include "connectors/twilio-whatsapp/payload.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/twilio_message.hpp"
#include "engine/domain/identity.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <string>

namespace kindred::connectors::twilio_whatsapp {
namespace {

using channel::form;
using channel::record;

std::optional<double> degrees(std::string_view text) {
    double value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (!std::isfinite(value) || std::fabs(value) > 180) return std::nullopt;
    return value;
}

void read_location(const form& fields, record& made) {
    const auto latitude = degrees(fields["Latitude"]);
    const auto longitude = degrees(fields["Longitude"]);
    if (!latitude || !longitude) return;
    json::writer place;
    place.begin_object().member("lat", *latitude).member("lon", *longitude);
    place.member_if("label", fields["Label"]).member_if("address", fields["Address"]).end_object();
    made.add_detail("location", place.take());
}

/// A number is the same customer as the number that calls; an id of somebody who hides it is WhatsApp's own.
void read_sender(const form& fields, record& made) {
    made.display_name = fields["ProfileName"];
    made.reply_address = "whatsapp:" + made.from;
    const bool number = made.from.find_first_not_of("+0123456789") == std::string::npos;
    if (!number) made.identities.push_back(provider_identity("whatsapp", made.from));
    if (auto phone = phone_identity(number ? std::string_view(made.from) : fields["WaId"]))
        made.identities.push_back(std::move(*phone));
}

void add_text(record& made, std::string_view name, std::string_view value) {
    if (!value.empty()) made.add_detail(name, json::literal(value));
}

void add_flag(record& made, std::string_view name, std::string_view value) {
    if (equal_ignoring_case(value, "true")) made.add_detail(name, "true");
}

}  // namespace

result<record> parse(const form& fields) {
    auto made =
        channel::is_twilio_status(fields) ? channel::twilio_message_status(fields) : channel::twilio_message(fields);
    if (!made) return made;
    made->add_detail("channel", json::literal("whatsapp"));
    if (made->kind == channel::record_kind::status) return made;
    read_sender(fields, *made);
    read_location(fields, *made);
    if (made->text == "") made->text = fields["ButtonText"];
    made->reply_to = fields["OriginalRepliedMessageSid"];
    add_text(*made, "button_payload", fields["ButtonPayload"]);
    add_flag(*made, "forwarded", fields["Forwarded"]);
    add_flag(*made, "frequently_forwarded", fields["FrequentlyForwarded"]);
    add_text(*made, "referral", fields["ReferralSourceId"]);
    add_text(*made, "referral_url", fields["ReferralSourceUrl"]);
    return made;
}

}  // namespace kindred::connectors::twilio_whatsapp
