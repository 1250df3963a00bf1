#include "connectors/twilio-voice/reply.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>

namespace kindred::connectors::twilio_voice {
namespace {

/// The API takes TwiML of at most this many characters.
constexpr std::size_t longest_twiml = 4000;

bool is_call_sid(std::string_view text) {
    return text.size() == 34 && text.starts_with("CA") && std::all_of(text.begin() + 2, text.end(), [](char letter) {
               return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
           });
}

}  // namespace

result<channel::provider_call> redirect_call(const account& ours, const call_flow& flow,
                                             const channel::outgoing& message) {
    if (ours.account_sid.empty() || ours.auth_token.empty())
        return fail(errc::invalid, "twilio-voice cannot control calls: set account_sid and auth_token");
    if (!is_call_sid(message.thread))
        return fail(errc::invalid, "the contact is no call of Twilio: its thread is no call id");

    std::optional<std::string> document;
    if (!message.agent_address.empty()) {
        document = flow.connect(message.agent_address, message.to);
        if (!document) return fail(errc::invalid, "the agent's phone address must be +number, client:name or sip:uri");
    } else if (!message.text.empty()) {
        document = flow.announce(message.text);
    } else {
        return fail(errc::invalid, "nothing to say and no agent to ring");
    }
    if (count_code_points(*document) > longest_twiml)
        return fail(errc::invalid, "the text is too long to be said: TwiML is at most 4000 characters");

    channel::provider_call call;
    call.url = ours.api_base + "/2010-04-01/Accounts/" + encode_percent(ours.account_sid) + "/Calls/" + message.thread +
               ".json";
    call.headers = {{"Content-Type", std::string(channel::form_media_type)}};
    call.body = "Twiml=" + encode_percent(*document);
    call.user = ours.account_sid;
    call.password = ours.auth_token;
    return call;
}

channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status) {
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    if (by_status.outcome == channel::delivery::state::sent) {
        by_status.provider_message_id = (*parsed)["sid"].text();
    } else if (const auto code = (*parsed)["code"].integer()) {
        by_status.reason = "Twilio error " + std::to_string(*code) + ": " + std::string((*parsed)["message"].text());
    }
    return by_status;
}

}  // namespace kindred::connectors::twilio_voice
