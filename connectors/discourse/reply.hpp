#pragma once
#include "engine/channel/connector.hpp"

#include <string>

namespace kindred::connectors::discourse {

/// Where and as whom posts are written.
struct account {
    std::string api_base;
    std::string api_key;
    std::string api_username;
};

/// POST /posts.json into the topic of `message.thread`, as an answer to the post that is replied to. errc::invalid:
/// incomplete account, no topic, or a text that Discourse does not take (empty, over 32,000 characters).
result<channel::provider_call> post_call(const account& ours, const channel::outgoing& message);

/// Reads Discourse's JSON: the post's id where it worked, its first error where not, the wait it asks for.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

}  // namespace kindred::connectors::discourse
