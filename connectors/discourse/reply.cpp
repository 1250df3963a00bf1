#include "connectors/discourse/reply.hpp"

#include "engine/base/id.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace kindred::connectors::discourse {
namespace {

/// Discourse's default for max_post_length.
constexpr std::size_t longest_post = 32'000;
constexpr std::int64_t longest_wait_s = 86'400;

}  // namespace

result<channel::provider_call> post_call(const account& ours, const channel::outgoing& message) {
    if (ours.api_base.empty() || ours.api_key.empty() || ours.api_username.empty())
        return fail(errc::invalid, "discourse cannot post: set base_url, api_key and api_username");
    const auto topic = parse_number(message.thread);
    if (!topic) return fail(errc::invalid, "the contact has no topic to answer in");
    if (trim(message.text).empty()) return fail(errc::invalid, "discourse takes no empty post");
    if (count_code_points(message.text) > longest_post)
        return fail(errc::invalid, "the text is over Discourse's 32000 characters: shorten or split it");

    json::writer body;
    body.begin_object().member("topic_id", *topic).member("raw", message.text);
    // The first post of a topic is answered by writing into the topic.
    const auto details = json::document::parse(message.details.empty() ? "{}" : message.details);
    if (details)
        if (const auto number = (*details)["post_number"].integer(); number && *number > 1)
            body.member("reply_to_post_number", *number);
    body.end_object();

    channel::provider_call call;
    call.url = ours.api_base + "/posts.json";
    call.headers = {
        {"Api-Key", ours.api_key}, {"Api-Username", ours.api_username}, {"Content-Type", "application/json"}};
    call.body = body.take();
    return call;
}

channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status) {
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    if (by_status.outcome == channel::delivery::state::sent) {
        by_status.provider_message_id = (*parsed)["id"].text_or_number();
        return by_status;
    }
    if (const auto first = (*parsed)["errors"].at(0).text(); !first.empty())
        by_status.reason = "Discourse: " + std::string(first);
    const auto wait = (*parsed)["extras"]["wait_seconds"].integer();
    if (wait && *wait > 0 && *wait <= longest_wait_s && !by_status.retry_after)
        by_status.retry_after = std::chrono::seconds{*wait};
    return by_status;
}

}  // namespace kindred::connectors::discourse
