#include "connectors/messenger/reply.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"
#include "engine/channel/meta_messaging.hpp"

namespace kindred::connectors::messenger {
namespace {

constexpr std::size_t longest_text = 2000;
constexpr std::size_t longest_metadata = 1000;

}  // namespace

result<channel::provider_call> message_call(const account& ours, const channel::outgoing& message) {
    const auto& page = ours.page_id.empty() ? message.to : ours.page_id;
    if (page.empty() || ours.access_token.empty())
        return fail(errc::invalid, "messenger cannot send: set page_id and access_token");
    if (message.from.empty()) return fail(errc::invalid, "messenger cannot send: the contact has no person");
    if (message.text.empty() && message.files.empty())
        return fail(errc::invalid, "messenger cannot send an empty text");
    if (!is_utf8(message.text)) return fail(errc::invalid, "messenger cannot send a text that is not UTF-8");
    if (count_code_points(message.text) > longest_text)
        return fail(errc::invalid, "the text is over Messenger's 2000 characters: shorten or split it");

    json::writer body;
    body.begin_object().key("recipient").begin_object().member("id", message.from).end_object();
    // The tag is for people's answers alone.
    const bool tagged = ours.human_agent && !message.automatic;
    body.member("messaging_type", tagged ? "MESSAGE_TAG" : "RESPONSE").member_if("tag", tagged ? "HUMAN_AGENT" : "");
    body.key("message").begin_object();
    if (message.files.empty())
        body.member("text", message.text);
    else if (auto written = channel::write_meta_attachment(body, message.files, "messenger"); !written)
        return written.error();
    // Comes back with the echo, which is how other parties' messages are told from ours.
    if (message.idempotency_key.size() <= longest_metadata) body.member_if("metadata", message.idempotency_key);
    body.end_object().end_object();

    channel::provider_call call;
    call.url = ours.api_base + '/' + ours.api_version + '/' + encode_percent(page) + "/messages";
    call.headers = {{"Authorization", "Bearer " + ours.access_token}, {"Content-Type", "application/json"}};
    call.body = body.take();
    return call;
}

channel::checkup account_checkup(const account& ours) {
    if (ours.access_token.empty()) return channel::cannot_ask("page", "it receives, and cannot send: set access_token");
    auto url = ours.api_base + '/' + ours.api_version + '/' +
               (ours.page_id.empty() ? std::string("me") : encode_percent(ours.page_id)) + "?fields=name";
    return channel::can_ask("page", channel::bearer_get(std::move(url), ours.access_token), "name");
}

}  // namespace kindred::connectors::messenger
