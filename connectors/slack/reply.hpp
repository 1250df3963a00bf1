#pragma once
#include "engine/channel/connector.hpp"

#include <string>

namespace kindred::connectors::slack {

/// Where and as which app messages are sent.
struct account {
    std::string api_base;
    std::string bot_token;  ///< "xoxb-..."
};

/// POST /api/chat.postMessage into the thread that is answered; in channels one is begun below the message.
/// errc::invalid: no token, nobody to send to, or the text is empty or over 40000 characters.
result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message);

/// Reads Slack's answer, which says in its body whether a 200 meant yes.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

}  // namespace kindred::connectors::slack
