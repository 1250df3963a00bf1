#include "connectors/whatsapp/reply.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"

#include <algorithm>
#include <array>

namespace kindred::connectors::whatsapp {
namespace {

constexpr std::size_t longest_text = 4096;
constexpr std::size_t longest_callback_data = 512;

/// Codes that go away by themselves: temporary trouble, rate limits, an upgrade in progress.
constexpr std::array<std::int64_t, 14> passing_codes{-1,     1,      2,      4,      80007,  130429, 131000,
                                                     131016, 131048, 131056, 131057, 131064, 133004, 133016};
/// The body of a template message (developers.facebook.com/docs/whatsapp, "Send message templates").
void write_template(json::writer& body, const channel::message_template& wanted) {
    body.member("type", "template").key("template").begin_object().member("name", wanted.name);
    body.key("language").begin_object().member("code", wanted.language.empty() ? "en" : wanted.language).end_object();
    if (!wanted.parameters.empty()) {
        body.key("components").begin_array().begin_object().member("type", "body").key("parameters").begin_array();
        for (const auto& each : wanted.parameters)
            body.begin_object().member("type", "text").member("text", each).end_object();
        body.end_array().end_object().end_array();
    }
    body.end_object();
}

/// The types that are shown as what they are (developers.facebook.com/docs/whatsapp, "Supported media types"); the rest
/// goes as a document.
std::string_view media_kind(std::string_view type) {
    if (type == "image/jpeg" || type == "image/png") return "image";
    if (type == "video/mp4" || type == "video/3gpp") return "video";
    for (const std::string_view known : {"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"})
        if (type == known) return "audio";
    return "document";
}

void write_file(json::writer& body, const channel::outgoing_file& file) {
    const auto kind = media_kind(file.type);
    body.member("type", kind).key(kind).begin_object().member("link", file.url);
    if (kind == "document") body.member("filename", file.name);
    body.end_object();
}

/// The limit for one pair of numbers: Meta asks to wait longer with each attempt, the runtime's back-off does so.
constexpr std::int64_t pair_limit = 131056;

}  // namespace

result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message) {
    if (ours.phone_number_id.empty() || ours.access_token.empty())
        return fail(errc::invalid, "whatsapp cannot send: set phone_number_id and access_token");
    if (message.from.empty()) return fail(errc::invalid, "whatsapp cannot send: the contact has no number");
    const bool is_text = !message.use_template && message.files.empty();
    if (is_text && message.text.empty()) return fail(errc::invalid, "whatsapp cannot send an empty text");
    if (!is_utf8(message.text)) return fail(errc::invalid, "whatsapp cannot send a text that is not UTF-8");
    if (count_code_points(message.text) > longest_text)
        return fail(errc::invalid, "the text is over WhatsApp's 4096 characters: shorten or split it");

    json::writer body;
    body.begin_object().member("messaging_product", "whatsapp").member("recipient_type", "individual");
    // A business-scoped id is no number and travels in a field of its own.
    const bool number = message.from.find_first_not_of("+0123456789") == std::string::npos;
    body.member(number ? "to" : "recipient", message.from);
    if (is_text) {
        body.member("type", "text").key("text").begin_object().member("body", message.text);
        body.member("preview_url", false).end_object();
    } else if (message.use_template) {
        write_template(body, *message.use_template);
    } else {
        if (message.files.size() != 1 || message.files.front().url.empty())
            return fail(errc::invalid, "whatsapp fetches files from us: set server.public_url");
        write_file(body, message.files.front());
    }
    if (!message.idempotency_key.empty() && message.idempotency_key.size() <= longest_callback_data)
        body.member("biz_opaque_callback_data", message.idempotency_key);
    body.end_object();

    channel::provider_call call;
    call.url = ours.api_base + '/' + ours.api_version + '/' + encode_percent(ours.phone_number_id) + "/messages";
    call.headers = {{"Authorization", "Bearer " + ours.access_token}, {"Content-Type", "application/json"}};
    call.body = body.take();
    return call;
}

result<channel::provider_call> media_call(const account& ours, const std::string& media_id) {
    if (ours.access_token.empty()) return fail(errc::invalid, "whatsapp cannot fetch files: set access_token");
    if (media_id.empty()) return fail(errc::invalid, "the file has no media id");
    channel::provider_call call;
    call.method = "GET";
    call.url = ours.api_base + '/' + ours.api_version + '/' + encode_percent(media_id);
    call.headers = {{"Authorization", "Bearer " + ours.access_token}};
    return call;
}

result<std::optional<channel::provider_call>> media_bytes_call(const account& ours, std::string_view answer) {
    const auto parsed = json::document::parse(answer);
    const auto url = parsed ? std::string((*parsed)["url"].text()) : std::string();
    if (url.empty()) return fail(errc::invalid, "WhatsApp named no address of the file");
    channel::provider_call call;
    call.method = "GET";
    call.url = url;
    call.headers = {{"Authorization", "Bearer " + ours.access_token}};
    return std::optional(std::move(call));
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

channel::checkup account_checkup(const account& ours) {
    if (ours.phone_number_id.empty() || ours.access_token.empty())
        return channel::cannot_ask("phone number",
                                   "it receives, and cannot send: set phone_number_id and access_token");
    auto url = ours.api_base + '/' + ours.api_version + '/' + encode_percent(ours.phone_number_id) +
               "?fields=display_phone_number,verified_name";
    return channel::can_ask("phone number", channel::bearer_get(std::move(url), ours.access_token),
                            "display_phone_number");
}

}  // namespace kindred::connectors::whatsapp
