#pragma once
#include "engine/channel/connector.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kindred::connectors::discourse {

/// Where and as whom posts are written.
struct account {
    std::string api_base;
    std::string api_key;
    std::string api_username;
};

/// POST /posts.json into the topic of `message.thread`, as an answer to the post that is replied to, `uploads`
/// (Markdown) below the text. errc::invalid: incomplete account, no topic, or a text that Discourse does not take
/// (empty, over 32,000 characters).
result<channel::provider_call> post_call(const account& ours, const channel::outgoing& message,
                                         std::string_view uploads);

/// POST /uploads.json with one of the message's files: a post names what was uploaded before. errc::invalid: incomplete
/// account.
result<channel::provider_call> upload_call(const account& ours, const channel::outgoing& message, std::size_t file);
/// The next upload, or the post once all are there; none after the post. errc::invalid: Discourse named no upload.
result<std::optional<channel::provider_call>> further_call(const account& ours, const channel::outgoing& message,
                                                           std::span<const channel::provider_answer> answered);

/// Reads Discourse's JSON: the post's id where it worked, its first error where not, the wait it asks for.
channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status);

/// What proves that the account works: the user whom posts are written as, whom only a good key may ask for. Source:
/// docs.discourse.org, "Get a single user by username".
channel::checkup account_checkup(const account& ours);

}  // namespace kindred::connectors::discourse
