#pragma once
#include "connectors/twilio-voice/call_flow.hpp"
#include "engine/channel/connector.hpp"

#include <string>

namespace kindred::connectors::twilio_voice {

/// Where and as whom calls are controlled.
struct account {
    std::string api_base;
    std::string account_sid;
    std::string auth_token;
};

/// Redirects the live call of `message.thread`: to the agent at `message.agent_address`, or, without one, to hear
/// `message.text` and wait on. errc::invalid: incomplete account, no such call id, no usable address, or too long.
/// Source: twilio.com/docs/voice/api/call-resource#update-a-call-resource.
result<channel::provider_call> redirect_call(const account& ours, const call_flow& flow,
                                             const channel::outgoing& message);

/// Reads Twilio's JSON: the call's id where it worked, its error code where not.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

}  // namespace kindred::connectors::twilio_voice
