#include "connectors/line/reply.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"
#include "engine/channel/signature.hpp"

#include <algorithm>

namespace kindred::connectors::line {
namespace {

constexpr std::size_t longest_text = 5000;

/// The length that LINE counts: characters outside the basic plane, four bytes in UTF-8, are two units.
std::size_t count_utf16_units(std::string_view text) {
    const auto outside =
        std::count_if(text.begin(), text.end(), [](char byte) { return static_cast<unsigned char>(byte) >= 0xF0; });
    return count_code_points(text) + static_cast<std::size_t>(outside);
}

/// A UUID of our own making (RFC 9562 version 8) that is the same on every attempt.
std::string uuid_of(std::string_view key) {
    auto hex = channel::sha256_hex(key).substr(0, 32);
    hex[12] = '8';
    hex[16] = 'a';
    for (const std::size_t dash : {8U, 13U, 18U, 23U}) hex.insert(dash, 1, '-');
    return hex;
}

/// LINE says that the token is to be used within a minute. Its way to us and ours back are part of it.
constexpr duration tokens_are_good_for = std::chrono::seconds{50};

/// The token that answers the contact for nothing; empty where it has become too old, or an attempt has used it up. It
/// answers once: a text that a file comes with goes first, and takes it.
std::string fresh_token(const channel::outgoing& message) {
    if (message.attempts > 0 || !message.files.empty() || message.details.empty()) return {};
    const auto contact = json::document::parse(message.details);
    if (!contact) return {};
    const auto written = (*contact)["timestamp_ms"].integer();
    if (!written || message.signed_at() - from_millis(*written) > tokens_are_good_for) return {};
    return std::string((*contact)["reply_token"].text());
}

}  // namespace

result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message) {
    if (ours.channel_access_token.empty()) return fail(errc::invalid, "line cannot send: set channel_access_token");
    if (message.from.empty()) return fail(errc::invalid, "line cannot send: the contact has no user or group");
    if (message.text.empty() && message.files.empty()) return fail(errc::invalid, "line cannot send an empty text");
    if (message.files.size() > 1) return fail(errc::invalid, "line sends one file a message");
    if (!message.files.empty() && !message.files.front().url.starts_with("https://"))
        return fail(errc::invalid,
                    "line fetches files from us by https alone: set server.public_url to such an address");
    if (!is_utf8(message.text)) return fail(errc::invalid, "line cannot send a text that is not UTF-8");
    if (count_utf16_units(message.text) > longest_text)
        return fail(errc::invalid, "the text is over LINE's 5000 UTF-16 units: shorten or split it");

    const auto token = fresh_token(message);
    json::writer body;
    body.begin_object();
    if (token.empty())
        body.member("to", message.from);
    else
        body.member("replyToken", token);
    body.key("messages").begin_array();
    if (message.files.empty()) body.begin_object().member("type", "text").member("text", message.text).end_object();
    for (const auto& file : message.files)
        body.begin_object()
            .member("type", "image")
            .member("originalContentUrl", file.url)
            .member("previewImageUrl", file.url)
            .end_object();
    body.end_array().end_object();

    channel::provider_call call;
    call.url = ours.api_base + (token.empty() ? "/v2/bot/message/push" : "/v2/bot/message/reply");
    call.headers = {{"Authorization", "Bearer " + ours.channel_access_token}, {"Content-Type", "application/json"}};
    if (token.empty() && !message.idempotency_key.empty())
        call.headers.emplace_back("X-Line-Retry-Key", uuid_of(message.idempotency_key));
    call.body = body.take();
    return call;
}

result<channel::provider_call> content_call(const account& ours, const channel::attachment& file) {
    if (file.type == "sticker") return fail(errc::invalid, "LINE gives out no pictures of stickers");
    channel::provider_call call;
    call.method = "GET";
    if (file.url.starts_with("https://")) {
        call.url = file.url;
        return call;
    }
    if (file.media_id.empty()) return fail(errc::invalid, "the file has no address to fetch it from");
    if (ours.channel_access_token.empty())
        return fail(errc::invalid, "line cannot fetch files: set channel_access_token");
    call.url = ours.data_base + "/v2/bot/message/" + encode_percent(file.media_id) + "/content";
    call.headers = {{"Authorization", "Bearer " + ours.channel_access_token}};
    return call;
}

channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status) {
    using state = channel::delivery::state;
    if (answered.status == 409) {
        by_status.outcome = state::sent;
        by_status.reason.clear();
    }
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    if (by_status.outcome == state::sent) {
        by_status.provider_message_id = (*parsed)["sentMessages"].at(0)["id"].text_or_number();
        return by_status;
    }
    const auto said = (*parsed)["message"].text();
    if (said.empty()) return by_status;
    by_status.reason = "LINE answered " + std::to_string(answered.status) + ": " + std::string(said);
    // The next attempt does without the token.
    if (answered.status == 400 && said.find("reply token") != std::string_view::npos) by_status.outcome = state::retry;
    if (answered.status == 429 && said.find("monthly limit") != std::string_view::npos)
        by_status.outcome = state::failed;
    return by_status;
}

channel::checkup account_checkup(const account& ours) {
    if (ours.channel_access_token.empty())
        return channel::cannot_ask("bot info", "it receives, and cannot send: set channel_access_token");
    return channel::can_ask("bot info", channel::bearer_get(ours.api_base + "/v2/bot/info", ours.channel_access_token),
                            "displayName");
}

}  // namespace kindred::connectors::line
