#pragma once
#include "connectors/vonage/call_flow.hpp"
#include "engine/base/public_key.hpp"
#include "engine/channel/connector.hpp"

#include <optional>
#include <string>

namespace kindred::connectors::vonage {

/// Where and as which application calls are controlled.
struct account {
    std::string api_base;
    std::string application_id;
    std::optional<private_key> key;  ///< of the application; none: calls cannot be controlled
    std::string number;              ///< that places calls which nobody called for; may be empty
};

/// Transfers the live call that the message answers: to the agent at `message.agent_address`, or, without one, to hear
/// `message.text` and wait on. For a call-back, or a call that an agent begins, it calls the agent, then the customer.
/// `about` is the message's ticket, signed: what is recorded finds it by that.
/// errc::invalid: incomplete account, no call id, no usable address, or a text that is too long.
/// Source: developer.vonage.com/en/api/voice, "Modify an in-progress call" and "Create an outbound call".
result<channel::provider_call> transfer_call(const account& ours, const call_flow& flow,
                                             const channel::outgoing& message, std::string_view about);

/// Holding takes three calls (developer.vonage.com, "Managing Call Hold"): the customer hears nobody, nobody hears the
/// customer, and music is played to that leg; going on takes all three back. The second and the third; none after
/// those, and for everything else.
result<std::optional<channel::provider_call>> further_call(const account& ours, const call_flow& flow,
                                                           const channel::outgoing& message, std::size_t answered);

/// GET of a recording, with the application's token where the address is Vonage's own.
/// errc::invalid: there is no address. Source: developer.vonage.com, "Download a recording".
result<channel::provider_call> recording_call(const account& ours, const channel::attachment& file, time_point now);

/// Reads Vonage's JSON: what it says where the call could not be transferred.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

/// What proves that the application and its key work: the list of its calls, one of them.
/// Source: developer.vonage.com/en/api/voice, "Get details of your calls".
channel::checkup account_checkup(const account& ours, time_point now);

}  // namespace kindred::connectors::vonage
