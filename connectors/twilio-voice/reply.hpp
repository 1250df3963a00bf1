#pragma once
#include "connectors/twilio-voice/call_flow.hpp"
#include "engine/channel/connector.hpp"

#include <optional>
#include <span>
#include <string>

namespace kindred::connectors::twilio_voice {

/// What an agent may have said to a caller, in characters. The API takes TwiML of 4000: the rest is for what the caller
/// hears afterwards, and for signs that are longer in TwiML.
inline constexpr std::size_t longest_text = 2500;

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

/// A conference is known to Twilio by an id of its own, which is asked for first: the second call of such
/// an order. None for everything else. errc::invalid: there is no such conference any more.
result<std::optional<channel::provider_call>> further_call(const account& ours, const call_flow& flow,
                                                           const channel::outgoing& message,
                                                           std::span<const channel::provider_answer> answered);

/// DELETE of a recording that we keep, or must not have any more. None without an account, or for what is none.
/// Source: twilio.com/docs/voice/api/recording, "Delete a recording".
std::optional<channel::provider_call> forget_recording(const account& ours, const channel::attachment& file);

/// Reads Twilio's JSON: the call's id where it worked, its error code where not.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

/// What proves that the account and its token work. Source: twilio.com/docs/iam/api/account.
channel::checkup account_checkup(const account& ours);

}  // namespace kindred::connectors::twilio_voice
