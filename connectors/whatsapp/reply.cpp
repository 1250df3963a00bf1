#include "connectors/whatsapp/reply.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <array>

namespace kindred::connectors::whatsapp {
namespace {

constexpr std::size_t longest_text = 4096;
constexpr std::size_t longest_callback_data = 512;

/// Codes that go away by themselves: temporary trouble, rate limits, an upgrade in progress.
constexpr std::array<std::int64_t, 14> passing_codes{-1,     1,      2,      4,      80007,  130429, 131000,
                                                     131016, 131048, 131056, 131057, 131064, 133004, 133016};
/// The limit for one pair of numbers: Meta asks to wait longer with each attempt, the runtime's back-off does so.
constexpr std::int64_t pair_limit = 131056;

}  // namespace

result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message) {
    if (ours.phone_number_id.empty() || ours.access_token.empty())
        return fail(errc::invalid, "whatsapp cannot send: set phone_number_id and access_token");
    if (message.from.empty()) return fail(errc::invalid, "whatsapp cannot send: the contact has no number");
    if (message.text.empty()) return fail(errc::invalid, "whatsapp cannot send an empty text");
    if (!is_utf8(message.text)) return fail(errc::invalid, "whatsapp cannot send a text that is not UTF-8");
    if (count_code_points(message.text) > longest_text)
        return fail(errc::invalid, "the text is over WhatsApp's 4096 characters: shorten or split it");

    json::writer body;
    body.begin_object().member("messaging_product", "whatsapp").member("recipient_type", "individual");
    // A business-scoped id is no number and travels in a field of its own.
    const bool number = message.from.find_first_not_of("+0123456789") == std::string::npos;
    body.member(number ? "to" : "recipient", message.from).member("type", "text");
    body.key("text").begin_object().member("body", message.text).member("preview_url", false).end_object();
    if (!message.idempotency_key.empty() && message.idempotency_key.size() <= longest_callback_data)
        body.member("biz_opaque_callback_data", message.idempotency_key);
    body.end_object();

    channel::provider_call call;
    call.url = ours.api_base + '/' + ours.api_version + '/' + encode_percent(ours.phone_number_id) + "/messages";
    call.headers = {{"Authorization", "Bearer " + ours.access_token}, {"Content-Type", "application/json"}};
    call.body = body.take();
    return call;
}

channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status) {
    using state = channel::delivery::state;
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    if (by_status.outcome == state::sent) {
        by_status.provider_message_id = (*parsed)["messages"].at(0)["id"].text();
        return by_status;
    }
    const auto code = (*parsed)["error"]["code"].integer();
    if (!code) return by_status;
    by_status.reason =
        "WhatsApp error " + std::to_string(*code) + ": " + std::string((*parsed)["error"]["message"].text());
    const bool passing = std::find(passing_codes.begin(), passing_codes.end(), *code) != passing_codes.end();
    if (passing) by_status.outcome = state::retry;
    if (*code == pair_limit && !by_status.retry_after) by_status.retry_after = std::chrono::seconds{6};
    return by_status;
}

}  // namespace kindred::connectors::whatsapp
