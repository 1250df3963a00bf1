#pragma once
#include "connectors/twilio-voice/connector.hpp"
#include "engine/channel/connector.hpp"
#include "tests/connectors/support/twilio_form.hpp"
#include "tests/connectors/support/wrong_requests.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// What the tests of Twilio's calls have in common.
namespace kindred::testing::twilio_calls {

inline const std::string token = "auth token";
inline const std::string account = "AC" + std::string(32, 'a');
inline const std::string call_sid = "CA" + std::string(32, '1');
inline const std::string base = "https://support.example.com/webhooks/case";

using fields = std::map<std::string, std::string>;

/// What Twilio says of one call with each of its requests.
inline const fields call{{"AccountSid", account},
                         {"CallSid", call_sid},
                         {"CallStatus", "ringing"},
                         {"From", "+525512345678"},
                         {"To", "+525550001111"}};

inline fields with(fields more) {
    more.insert(call.begin(), call.end());
    return more;
}

inline recorded_request post(const fields& form, const std::string& path = {}) {
    return twilio_post(token, form, path);
}

inline std::unique_ptr<channel::connector> helpline(std::vector<std::pair<std::string, std::string>> more = {}) {
    more.insert(more.end(), {{"auth_token", token}, {"account_sid", account}});
    return connector_with(connectors::twilio_voice::make, more);
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Where a call stands that waits in a queue.
inline channel::situation waiting(std::size_t position, std::string language) {
    channel::situation now;
    now.ticket = "12";
    now.queue = "sales & \"more\"";
    now.position = position;
    now.language = std::move(language);
    return now;
}

/// The waiting call is to be put through to the agent.
inline channel::outgoing redirect(std::string agent, std::string text = {}) {
    channel::outgoing message;
    message.thread = call_sid;
    message.to = "+525550001111";
    message.agent_address = std::move(agent);
    message.text = std::move(text);
    return message;
}

}  // namespace kindred::testing::twilio_calls
