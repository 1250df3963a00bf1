#pragma once
#include "engine/channel/connector.hpp"

#include <string>
#include <string_view>

namespace kindred::connectors::telegram {

/// Where and as which bot messages are sent.
struct account {
    std::string api_base;
    std::string bot_token;  ///< part of the address: never log one
};

/// POST /bot<token>/sendMessage to the chat, and in groups as an answer to the message. errc::invalid: no token, nobody
/// to send to, or the text is empty or over 4096 characters.
result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message);

/// GET getFile, which says where the bytes are for an hour. errc::invalid: no token or no id.
result<channel::provider_call> file_call(const account& ours, const std::string& file_id);
/// The call for the bytes, from that answer. errc::invalid: it names no path.
result<std::optional<channel::provider_call>> file_bytes_call(const account& ours, std::string_view answer);

/// Reads the Bot API's answer: `retry_after` is kept to, blocks and missing chats have failed.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

/// The method call that stops a pressed button from spinning, fit to be the answer to its update.
std::string answer_to_press(std::string_view callback_query);

/// What proves that the account works: getMe, which names the bot. Source: core.telegram.org/bots/api#getme.
channel::checkup account_checkup(const account& ours);

}  // namespace kindred::connectors::telegram
