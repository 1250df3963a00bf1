#include "connectors/instagram/reply.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"
#include "engine/channel/meta_messaging.hpp"

namespace kindred::connectors::instagram {
namespace {

/// Bytes of UTF-8, not characters.
constexpr std::size_t longest_text = 1000;

std::string comment_of(const channel::outgoing& message) {
    const auto details = json::document::parse(message.details);
    return details ? (*details)["comment"].text_or_number() : std::string{};
}

result<std::string> message_body(const account& ours, const channel::outgoing& message) {
    json::writer body;
    body.begin_object().key("recipient").begin_object().member("id", message.from).end_object();
    // The tag is for people's answers alone.
    const bool tagged = ours.human_agent && !message.automatic;
    if (tagged) body.member("messaging_type", "MESSAGE_TAG").member("tag", "HUMAN_AGENT");
    body.key("message").begin_object();
    if (message.files.empty())
        body.member("text", message.text);
    else if (auto written = channel::write_meta_attachment(body, message.files, "instagram"); !written)
        return written.error();
    return body.end_object().end_object().take();
}

std::string comment_body(const channel::outgoing& message) {
    json::writer body;
    return body.begin_object().member("message", message.text).end_object().take();
}

}  // namespace

result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message) {
    const auto& sender = ours.account_id.empty() ? message.to : ours.account_id;
    if (sender.empty() || ours.access_token.empty())
        return fail(errc::invalid, "instagram cannot send: set account_id and access_token");
    if (message.from.empty()) return fail(errc::invalid, "instagram cannot send: the contact has no person");
    if (message.text.empty() && message.files.empty())
        return fail(errc::invalid, "instagram cannot send an empty text");
    if (!is_utf8(message.text)) return fail(errc::invalid, "instagram cannot send a text that is not UTF-8");
    if (message.text.size() > longest_text)
        return fail(errc::invalid, "the text is over Instagram's 1000 bytes of UTF-8: shorten or split it");

    const auto comment = comment_of(message);
    if (!comment.empty() && !message.files.empty())
        return fail(errc::invalid, "an answer to a comment carries no file: write a link into the text");
    auto body = comment.empty() ? message_body(ours, message) : result<std::string>(comment_body(message));
    if (!body) return body.error();
    channel::provider_call call;
    call.url = ours.api_base + '/' + ours.api_version + '/' +
               (comment.empty() ? encode_percent(sender) + "/messages" : encode_percent(comment) + "/replies");
    call.headers = {{"Authorization", "Bearer " + ours.access_token}, {"Content-Type", "application/json"}};
    call.body = std::move(*body);
    return call;
}

channel::checkup account_checkup(const account& ours) {
    if (ours.access_token.empty())
        return channel::cannot_ask("account", "it receives, and cannot send: set access_token");
    auto url = ours.api_base + '/' + ours.api_version + '/' +
               (ours.account_id.empty() ? std::string("me") : encode_percent(ours.account_id)) + "?fields=username";
    return channel::can_ask("account", channel::bearer_get(std::move(url), ours.access_token), "username");
}

}  // namespace kindred::connectors::instagram
