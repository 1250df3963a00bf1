#pragma once
#include "engine/channel/connector.hpp"

#include <string>

namespace kindred::connectors::line {

/// Where and as which official account messages are sent.
struct account {
    std::string api_base;
    std::string channel_access_token;
    std::string data_base = {};  ///< where LINE keeps what people send
};

/// POST /v2/bot/message/reply where the contact's reply token is still good: such answers are free of charge. Else, and
/// where a first attempt has failed, POST /v2/bot/message/push; its retry key makes LINE send it once however often it
/// is asked. errc::invalid: no token, nobody to send to, the text is empty or over 5000 UTF-16 units, or a file (a
/// picture) has no https address.
result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message);

/// GET of a file: LINE's own by the message that brought it, others without our token from where the sender keeps them.
/// errc::invalid: no token, a sticker (LINE gives out no pictures of them), or no address.
/// Source: developers.line.biz/en/reference/messaging-api, "Get content".
result<channel::provider_call> content_call(const account& ours, const channel::attachment& file);

/// Reads LINE's answer: 409 means that an earlier attempt was accepted; a token that was used before is no failure, for
/// the next attempt pushes; a used-up monthly quota does not come back.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

/// What proves that the account works: the bot, by its access token. Source:
/// developers.line.biz/en/reference/messaging-api/#get-bot-info.
channel::checkup account_checkup(const account& ours);

}  // namespace kindred::connectors::line
