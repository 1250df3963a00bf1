#pragma once
#include "engine/channel/connector.hpp"

#include <string>

namespace kindred::connectors::x {

/// Where and as whom messages are sent.
struct account {
    std::string api_base;
    std::string access_token;  ///< of the user whose inbox this is
};

/// POST /2/dm_conversations/with/{user}/messages. errc::invalid: no token, no user id, or a text X does not take
/// (empty, over 10,000 characters).
result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message);

/// Reads X's JSON: the message's id where it worked, what it says where not; when a limit ends.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

}  // namespace kindred::connectors::x
