#include "connectors/api/reply.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"

namespace kindred::connectors::api {
namespace {

constexpr std::string_view secret_prefix = "whsec_";

/// Standard Webhooks: "v1," and base64 HMAC-SHA256 over id.timestamp.body, one for each secret, separated by spaces.
result<std::string> signatures(const std::vector<std::string>& secrets, std::string_view id, std::string_view timestamp,
                               std::string_view body) {
    std::string all;
    for (std::string_view secret : secrets) {
        if (secret.starts_with(secret_prefix)) secret.remove_prefix(secret_prefix.size());
        const auto key = from_base64(secret);
        if (!key) return fail(errc::invalid, "callback_secret: wants whsec_ and base64");
        if (!all.empty()) all += ' ';
        all += "v1," + to_base64(hmac_of(hash_kind::sha256, *key, {id, ".", timestamp, ".", body}));
    }
    return all;
}

}  // namespace

result<channel::provider_call> reply_call(const callback& to, const channel::outgoing& message) {
    if (to.url.empty()) return fail(errc::invalid, "answers to this channel go nowhere: set callback_url");
    json::writer body;
    body.begin_object()
        .member("type", "reply.sent")
        .member("timestamp", to_rfc3339(message.at))
        .key("data")
        .begin_object();
    body.member("ticket", message.ticket).member_if("conversation", message.thread).member_if("to", message.from);
    body.member_if("message_id", message.provider_message_id).member("text", message.text);
    body.member_if("agent", message.agent_name).member("automatic", message.automatic).end_object().end_object();

    channel::provider_call call;
    call.url = to.url;
    call.body = body.take();
    const auto timestamp = std::to_string(to_millis(message.at) / 1000);
    call.headers = {{"Content-Type", "application/json"},
                    {"webhook-id", message.idempotency_key},
                    {"webhook-timestamp", timestamp}};
    if (to.secrets.empty()) return call;
    auto signature = signatures(to.secrets, message.idempotency_key, timestamp, call.body);
    if (!signature) return signature.error();
    call.headers.emplace_back("webhook-signature", std::move(*signature));
    return call;
}

}  // namespace kindred::connectors::api
