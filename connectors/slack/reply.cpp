#include "connectors/slack/reply.hpp"

#include "connectors/slack/message.hpp"
#include "connectors/slack/mrkdwn.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"
#include "engine/channel/provider_host.hpp"
#include "engine/channel/webhook.hpp"

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

/// "https://files.slack.com/upload/v1/...", or where api_base leads.
bool is_slacks(const account& ours, std::string_view url) {
    if (url.starts_with(ours.api_base + "/")) return true;
    constexpr std::string_view scheme = "https://";
    if (!url.starts_with(scheme)) return false;
    const auto host = url.substr(scheme.size(), url.find_first_of("/?#", scheme.size()) - scheme.size());
    const bool plain = std::all_of(host.begin(), host.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '.' || letter == '-';
    });
    if (!plain) return false;  // a log-in or a port: not how Slack writes it
    return host == "slack.com" || host.ends_with(".slack.com");
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

result<channel::provider_call> upload_place_call(const account& ours, const channel::outgoing& message) {
    if (ours.bot_token.empty()) return fail(errc::invalid, "slack cannot send: set bot_token");
    if (message.from.empty()) return fail(errc::invalid, "slack cannot send: the contact has no channel");
    if (message.files.size() != 1) return fail(errc::invalid, "slack sends one file a message");
    const auto& file = message.files.front();
    if (file.content.empty()) return fail(errc::invalid, "slack takes no empty file");
    channel::provider_call call;
    call.url = ours.api_base + "/api/files.getUploadURLExternal";
    call.headers = {{"Authorization", "Bearer " + ours.bot_token},
                    {"Content-Type", std::string(channel::form_media_type)}};
    call.body = "filename=" + encode_percent(file.name) + "&length=" + std::to_string(file.content.size());
    return call;
}

result<std::optional<channel::provider_call>> further_upload_call(const account& ours, const channel::outgoing& message,
                                                                  std::span<const channel::provider_answer> answered) {
    const std::optional<channel::provider_call> none;
    const auto place = json::document::parse(answered.front().body);
    if (!place || !(*place)["ok"].boolean().value_or(false) || message.files.empty() || answered.size() > 2)
        return none;
    const auto& file = message.files.front();
    channel::provider_call call;
    if (answered.size() == 1) {
        call.url = (*place)["upload_url"].text();
        if (!is_slacks(ours, call.url))
            return fail(errc::forbidden, "Slack wants the file at an address that is not its own: " + call.url);
        call.headers = {{"Content-Type", "application/octet-stream"}};
        call.body = file.content;
        return std::optional(std::move(call));
    }
    json::writer body;
    body.begin_object().key("files").begin_array().begin_object();
    body.member("id", (*place)["file_id"].text()).member("title", file.name).end_object().end_array();
    body.member("channel_id", message.from).member_if("thread_ts", thread_of(message)).end_object();
    call.url = ours.api_base + "/api/files.completeUploadExternal";
    call.headers = {{"Authorization", "Bearer " + ours.bot_token}, {"Content-Type", "application/json; charset=utf-8"}};
    call.body = body.take();
    return std::optional(std::move(call));
}

result<channel::provider_call> file_call(const account& ours, const channel::attachment& file) {
    const bool at_slack = channel::is_https_within(file.url, "slack.com") || channel::is_below(file.url, ours.api_base);
    if (!at_slack && !file.url.starts_with("https://"))
        return fail(errc::invalid, "the file has no address to fetch it from");
    if (at_slack && ours.bot_token.empty()) return fail(errc::invalid, "slack cannot fetch files: set bot_token");
    channel::provider_call call;
    call.method = "GET";
    call.url = file.url;
    if (at_slack) call.headers = {{"Authorization", "Bearer " + ours.bot_token}};
    return call;
}

bool is_login_page(const channel::attachment& file, const channel::provider_answer& answered) {
    if (file.type.starts_with("text/html")) return false;
    return std::any_of(answered.headers.begin(), answered.headers.end(), [](const channel::header& each) {
        return equal_ignoring_case(each.first, "content-type") && to_lower_ascii(each.second).starts_with("text/html");
    });
}

channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status) {
    using state = channel::delivery::state;
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    const auto root = parsed->root();
    if (root["ok"].boolean().value_or(false)) {
        if (const auto stamp = root["ts"].text(); !stamp.empty())
            by_status.provider_message_id = message_key(root["channel"].text(), stamp);
        return by_status;
    }
    const auto error = root["error"].text();
    if (error.empty()) return by_status;
    by_status.reason = "Slack error " + std::string(error);
    const bool passing = std::find(passing_errors.begin(), passing_errors.end(), error) != passing_errors.end();
    by_status.outcome = passing ? state::retry : state::failed;
    return by_status;
}

channel::checkup account_checkup(const account& ours) {
    if (ours.bot_token.empty()) return channel::cannot_ask("auth.test", "it receives, and cannot send: set bot_token");
    auto call = channel::bearer_get(ours.api_base + "/api/auth.test", ours.bot_token);
    call.method = "POST";
    return channel::can_ask("auth.test", std::move(call), "team");
}

}  // namespace kindred::connectors::slack
