#pragma once
#include "engine/channel/connector.hpp"

#include <string>

namespace kindred::connectors::github {

/// Where and as whom comments are written.
struct account {
    std::string api_base;
    std::string token;
};

/// What GitHub takes in one comment, in characters.
inline constexpr std::size_t longest_comment = 65'536;

/// A comment in the thread of the message: REST for issues, GraphQL for discussions, there under the comment that is
/// answered. errc::invalid: no token, no thread of GitHub's, or a text it does not take (empty, over 65,536
/// characters).
result<channel::provider_call> comment_call(const account& ours, const channel::outgoing& message);

/// Reads GitHub's JSON: the comment's id where it worked, what it says where not. A GraphQL error comes with status
/// 200, and a limit with 403.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

/// What proves that the account works: the repository that is watched, else the rate limit, which every kind of token
/// may see. Source: docs.github.com/en/rest/repos/repos#get-a-repository and /rest/rate-limit.
channel::checkup account_checkup(const account& ours, const std::vector<std::string>& repositories);

}  // namespace kindred::connectors::github
