#pragma once
#include "connectors/x/oauth1.hpp"
#include "engine/channel/connector.hpp"

#include <string>

namespace kindred::connectors::x {

/// Where and as whom messages are sent and files fetched.
struct account {
    std::string api_base;
    std::string access_token;  ///< of the user whose inbox this is
    oauth1_keys media;         ///< of the same user: X gives files of messages to requests that are signed with them
};

/// POST /2/dm_conversations/with/{user}/messages. errc::invalid: no token, no user id, or a text X does not take
/// (empty, over 10,000 characters).
result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message);

/// GET of a file, signed where the address is X's own and the keys are there.
/// errc::invalid: no address, or one that X gives to signed requests alone, and no keys to sign with.
/// Source: developer.x.com, "Direct Messages: retrieving media".
result<channel::provider_call> media_call(const account& ours, const channel::attachment& file, time_point now);

/// Reads X's JSON: the message's id where it worked, what it says where not; when a limit ends.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

/// What proves that the account works: who the token belongs to. Source: docs.x.com/x-api/users/get-my-user.
channel::checkup account_checkup(const account& ours);

}  // namespace kindred::connectors::x
