#include "connectors/slack/reply.hpp"

#include "connectors/slack/message.hpp"
#include "connectors/slack/mrkdwn.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <array>

namespace kindred::connectors::slack {
namespace {

constexpr std::size_t longest_text = 40'000;

/// Errors that go away by themselves.
constexpr std::array<std::string_view, 7> passing_errors{"ratelimited",    "rate_limited", "message_limit_exceeded",
                                                         "internal_error", "fatal_error",  "service_unavailable",
                                                         "request_timeout"};

std::string_view stamp_of(std::string_view key) {
    const auto colon = key.find(':');
    return colon == std::string_view::npos ? std::string_view{} : key.substr(colon + 1);
}

/// The message to answer below; empty in direct messages, which need no threads.
std::string_view thread_of(const channel::outgoing& message) {
    const auto thread = stamp_of(message.thread);
    if (!thread.empty() || message.from.starts_with('D')) return thread;
    return stamp_of(message.provider_message_id);
}

}  // namespace

result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message) {
    if (ours.bot_token.empty()) return fail(errc::invalid, "slack cannot send: set bot_token");
    if (message.from.empty()) return fail(errc::invalid, "slack cannot send: the contact has no channel");
    if (message.text.empty()) return fail(errc::invalid, "slack cannot send an empty text");
    if (!is_utf8(message.text)) return fail(errc::invalid, "slack cannot send a text that is not UTF-8");
    if (count_code_points(message.text) > longest_text)
        return fail(errc::invalid, "the text is over Slack's 40000 characters: shorten or split it");

    json::writer body;
    body.begin_object().member("channel", message.from).member("text", escaped(message.text));
    body.member_if("thread_ts", thread_of(message)).end_object();

    channel::provider_call call;
    call.url = ours.api_base + "/api/chat.postMessage";
    call.headers = {{"Authorization", "Bearer " + ours.bot_token}, {"Content-Type", "application/json; charset=utf-8"}};
    call.body = body.take();
    return call;
}

channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status) {
    using state = channel::delivery::state;
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    const auto root = parsed->root();
    if (root["ok"].boolean().value_or(false)) {
        by_status.provider_message_id = message_key(root["channel"].text(), root["ts"].text());
        return by_status;
    }
    const auto error = root["error"].text();
    if (error.empty()) return by_status;
    by_status.reason = "Slack error " + std::string(error);
    const bool passing = std::find(passing_errors.begin(), passing_errors.end(), error) != passing_errors.end();
    by_status.outcome = passing ? state::retry : state::failed;
    return by_status;
}

}  // namespace kindred::connectors::slack
