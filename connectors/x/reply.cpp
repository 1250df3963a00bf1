#include "connectors/x/reply.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"
#include "engine/channel/provider_host.hpp"
#include "engine/channel/signature.hpp"

#include <algorithm>

namespace kindred::connectors::x {
namespace {

constexpr std::size_t longest_message = 10'000;
constexpr std::size_t longest_id = 20;
/// X counts messages in windows of this length, and tells their end only as a time of its own clock.
constexpr std::chrono::minutes window{15};

bool is_user_id(std::string_view text) {
    return !text.empty() && text.size() <= longest_id &&
           std::all_of(text.begin(), text.end(), [](char letter) { return letter >= '0' && letter <= '9'; });
}

}  // namespace

result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message) {
    if (ours.access_token.empty()) return fail(errc::invalid, "x cannot send: set access_token");
    if (!is_user_id(message.from)) return fail(errc::invalid, "the contact has no user id of X to answer");
    if (trim(message.text).empty()) return fail(errc::invalid, "X takes no empty message");
    if (count_code_points(message.text) > longest_message)
        return fail(errc::invalid, "the text is over X's 10000 characters: shorten or split it");
    json::writer body;
    channel::provider_call call;
    call.url = ours.api_base + "/2/dm_conversations/with/" + message.from + "/messages";
    call.headers = {{"Authorization", "Bearer " + ours.access_token}, {"Content-Type", "application/json"}};
    call.body = body.begin_object().member("text", message.text).end_object().take();
    return call;
}

result<channel::provider_call> media_call(const account& ours, const channel::attachment& file, time_point now) {
    const bool for_us_alone =
        channel::is_https_within(file.url, "ton.twitter.com") || channel::is_https_within(file.url, "ton.x.com");
    const bool at_x =
        for_us_alone || channel::is_https_within(file.url, "twimg.com") || channel::is_below(file.url, ours.api_base);
    if (!at_x && !file.url.starts_with("https://"))
        return fail(errc::invalid, "the file has no address to fetch it from");
    if (for_us_alone && !ours.media.complete())
        return fail(errc::invalid,
                    "X gives files of messages to signed requests alone: set consumer_key, oauth_token and "
                    "oauth_token_secret");
    channel::provider_call call;
    call.method = "GET";
    call.url = file.url;
    if (!at_x || !ours.media.complete()) return call;
    // Each attempt has a time of its own, and with it a nonce of its own.
    const auto millis = to_millis(now);
    const auto nonce = channel::sha256_hex(std::to_string(millis) + ' ' + file.url).substr(0, 32);
    call.headers = {{"Authorization", oauth1_header(ours.media, {"GET", call.url, {}, nonce, millis / 1000})}};
    return call;
}

channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status) {
    if (answered.status == 429 && !by_status.retry_after) by_status.retry_after = window;
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    if (by_status.outcome == channel::delivery::state::sent) {
        by_status.provider_message_id = (*parsed)["data"]["dm_event_id"].text_or_number();
        return by_status;
    }
    const auto detail = (*parsed)["detail"].text();
    const auto said = detail.empty() ? (*parsed)["errors"].at(0)["message"].text() : detail;
    if (!said.empty()) by_status.reason = "X: " + std::string(said);
    return by_status;
}

channel::checkup account_checkup(const account& ours) {
    if (ours.access_token.empty())
        return channel::cannot_ask("users/me", "it receives, and cannot send: set access_token");
    return channel::can_ask("users/me", channel::bearer_get(ours.api_base + "/2/users/me", ours.access_token),
                            "data.username");
}

}  // namespace kindred::connectors::x
