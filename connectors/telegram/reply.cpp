#include "connectors/telegram/reply.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"
#include "engine/channel/multipart.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::connectors::telegram {
namespace {

constexpr std::size_t longest_text = 4096;

/// Ids are numbers, or "@name" for public groups.
void write_id(json::writer& out, std::string_view name, std::string_view id) {
    if (const auto number = channel::number_of(id))
        out.member(name, *number);
    else
        out.member(name, id);
}

/// What follows the ':' of "<chat>:<id>"; nothing without one.
std::string_view after_chat(std::string_view key) {
    const auto colon = key.find(':');
    return colon == std::string_view::npos ? std::string_view{} : key.substr(colon + 1);
}

/// In a group the person must be told that it is for them. Groups have negative ids.
std::optional<std::int64_t> answered_in_group(const channel::outgoing& message) {
    if (!message.from.starts_with('-')) return std::nullopt;
    return channel::number_of(after_chat(message.provider_message_id));
}

/// sendDocument takes a form; the topic and the message answered are as in a text.
result<channel::provider_call> document_call(const account& ours, const channel::outgoing& message) {
    if (message.files.size() != 1) return fail(errc::invalid, "telegram sends one file a message");
    const auto& file = message.files.front();
    channel::multipart_writer form(message.idempotency_key);
    form.add("chat_id", message.from);
    if (const auto topic = channel::number_of(after_chat(message.thread)))
        form.add("message_thread_id", std::to_string(*topic));
    const auto details = json::document::parse(message.details);
    const auto business = details ? (*details)["business_connection_id"].text() : std::string_view{};
    if (!business.empty()) form.add("business_connection_id", business);
    if (const auto answered = answered_in_group(message)) {
        json::writer reply;
        reply.begin_object().member("message_id", *answered).member("allow_sending_without_reply", true).end_object();
        form.add("reply_parameters", reply.text());
    }
    form.add_file("document", file.name, file.type, file.content);
    channel::provider_call call;
    call.url = ours.api_base + "/bot" + ours.bot_token + "/sendDocument";
    call.headers = {{"Content-Type", form.media_type()}};
    call.body = form.take();
    return call;
}

}  // namespace

result<channel::provider_call> file_call(const account& ours, const std::string& file_id) {
    if (ours.bot_token.empty()) return fail(errc::invalid, "telegram cannot fetch files: set bot_token");
    if (file_id.empty()) return fail(errc::invalid, "the file has no id");
    channel::provider_call call;
    call.method = "GET";
    call.url = ours.api_base + "/bot" + ours.bot_token + "/getFile?file_id=" + encode_percent(file_id);
    return call;
}

result<std::optional<channel::provider_call>> file_bytes_call(const account& ours, std::string_view answer) {
    const auto parsed = json::document::parse(answer);
    const auto path = parsed ? std::string((*parsed)["result"]["file_path"].text()) : std::string();
    if (path.empty() || path.find("..") != std::string::npos)
        return fail(errc::invalid, "Telegram named no path of the file");
    channel::provider_call call;
    call.method = "GET";
    call.url = ours.api_base + "/file/bot" + ours.bot_token + '/' + path;
    return std::optional(std::move(call));
}

result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message) {
    if (ours.bot_token.empty()) return fail(errc::invalid, "telegram cannot send: set bot_token");
    if (message.from.empty()) return fail(errc::invalid, "telegram cannot send: the contact has no chat");
    if (!message.files.empty()) return document_call(ours, message);
    if (message.text.empty()) return fail(errc::invalid, "telegram cannot send an empty text");
    if (!is_utf8(message.text)) return fail(errc::invalid, "telegram cannot send a text that is not UTF-8");
    if (count_code_points(message.text) > longest_text)
        return fail(errc::invalid, "the text is over Telegram's 4096 characters: shorten or split it");

    json::writer body;
    body.begin_object();
    write_id(body, "chat_id", message.from);
    body.member("text", message.text);
    if (const auto topic = channel::number_of(after_chat(message.thread))) body.member("message_thread_id", *topic);
    if (const auto answered = answered_in_group(message)) {
        body.key("reply_parameters").begin_object().member("message_id", *answered);
        body.member("allow_sending_without_reply", true).end_object();
    }
    const auto details = json::document::parse(message.details);
    if (details) body.member_if("business_connection_id", (*details)["business_connection_id"].text());
    body.end_object();

    channel::provider_call call;
    call.url = ours.api_base + "/bot" + ours.bot_token + "/sendMessage";
    call.headers = {{"Content-Type", "application/json"}};
    call.body = body.take();
    return call;
}

channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status) {
    using state = channel::delivery::state;
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    const auto root = parsed->root();
    if (by_status.outcome == state::sent && root["ok"].boolean().value_or(false)) {
        const auto sent = root["result"];
        by_status.provider_message_id = sent["chat"]["id"].text_or_number() + ':' + sent["message_id"].text_or_number();
        return by_status;
    }
    const auto code = root["error_code"].integer();
    if (!code) return by_status;
    by_status.reason = "Telegram error " + std::to_string(*code) + ": " + std::string(root["description"].text());
    by_status.outcome = *code == 429 || *code >= 500 ? state::retry : state::failed;
    const auto wait = root["parameters"]["retry_after"].integer();
    if (wait && *wait >= 0 && *wait <= 86'400) by_status.retry_after = std::chrono::seconds{*wait};
    return by_status;
}

std::string answer_to_press(std::string_view callback_query) {
    json::writer out;
    out.begin_object().member("method", "answerCallbackQuery").member("callback_query_id", callback_query);
    return out.end_object().take();
}

channel::checkup account_checkup(const account& ours) {
    if (ours.bot_token.empty()) return channel::cannot_ask("getMe", "it receives, and cannot send: set bot_token");
    channel::provider_call call;
    call.method = "GET";
    call.url = ours.api_base + "/bot" + ours.bot_token + "/getMe";
    return channel::can_ask("getMe", std::move(call), "result.username");
}

}  // namespace kindred::connectors::telegram
