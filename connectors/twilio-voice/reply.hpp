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
    std::string number;  ///< that places calls which nobody called for; may be empty
};

/// Brings caller and agent together, or says `message.text` to a waiting caller: redirects the live call of
/// `message.thread`, calls the agent into its conference, or, for a call-back or a call that an agent begins, calls the
/// agent and then the customer.
/// errc::invalid: incomplete account, no such call id, no usable address, or too long.
/// Sources: twilio.com/docs/voice/api/call-resource, /docs/voice/api/conference-participant-resource.
result<channel::provider_call> reach_caller(const account& ours, const call_flow& flow,
                                            const channel::outgoing& message);

/// Reads Twilio's JSON: the call's id where it worked, its error code where not.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

}  // namespace kindred::connectors::twilio_voice
