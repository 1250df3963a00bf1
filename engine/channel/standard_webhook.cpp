#include "engine/channel/standard_webhook.hpp"

#include "engine/base/json.hpp"
#include "engine/channel/signature.hpp"
#include "engine/channel/webhook.hpp"

namespace kindred::channel {
namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::string_view public_key_prefix = "whpk_";
constexpr std::string_view shared_key_version = "v1,";
constexpr std::string_view ed25519_version = "v1a,";
constexpr std::int64_t last_second = 253'402'300'799;  // of the year 9999
/// More signatures than anybody's rotation needs are an attempt to keep us busy.
constexpr std::size_t most_signatures = 20;

bool is_signed_by_one(const standard_webhook_keys& keys, std::string_view signature, std::string_view id,
                      std::string_view stamp, std::string_view body) {
    if (signature.starts_with(shared_key_version))
        return is_signed(hash_kind::sha256, digest_form::base64, keys.secrets, {id, ".", stamp, ".", body},
                         signature.substr(shared_key_version.size()));
    if (!signature.starts_with(ed25519_version) || keys.public_keys.empty()) return false;
    const auto raw = from_base64(signature.substr(ed25519_version.size()));
    if (!raw) return false;
    std::string signed_bytes;
    signed_bytes.append(id).append(1, '.').append(stamp).append(1, '.').append(body);
    bool matched = false;
    for (const auto& key : keys.public_keys) matched |= key.verifies_ed25519(signed_bytes, *raw);
    return matched;
}

}  // namespace

std::optional<std::string> standard_webhook_secret(std::string_view written) {
    if (written.starts_with(secret_prefix)) written.remove_prefix(secret_prefix.size());
    auto key = from_base64(written);
    if (key && key->empty()) key.reset();
    return key;
}

standard_webhook_keys standard_webhook_keys_in(options& settings, std::string_view secrets_setting,
                                               std::string_view public_keys_setting) {
    standard_webhook_keys keys;
    for (const auto& written : settings.secrets(secrets_setting)) {
        if (auto key = standard_webhook_secret(written))
            keys.secrets.push_back(std::move(*key));
        else
            settings.complain(secrets_setting, "wants whsec_ and base64");
    }
    for (std::string_view written : settings.list(public_keys_setting)) {
        if (written.starts_with(public_key_prefix)) written.remove_prefix(public_key_prefix.size());
        const auto raw = from_base64(written);
        if (auto key = raw ? public_key::from_ed25519(*raw) : std::nullopt)
            keys.public_keys.push_back(std::move(*key));
        else
            settings.complain(public_keys_setting, "wants whpk_ and the base64 of an Ed25519 key");
    }
    return keys;
}

std::optional<reception> refuse_unless_standard_webhook(const request& arrived, const standard_webhook_keys& keys,
                                                        duration tolerance, time_point now) {
    if (keys.secrets.empty() && keys.public_keys.empty()) return reception::refuse(403, "not_configured");
    const auto id = arrived.single_header("webhook-id");
    const auto stamp = arrived.single_header("webhook-timestamp");
    const auto given = arrived.single_header("webhook-signature");
    if (!id || !stamp || !given) return reception::refuse(401, "missing_signature");
    const auto seconds = number_of(*stamp);
    if (!seconds || *seconds < 0 || *seconds > last_second) return malformed("webhook-timestamp: wants Unix seconds");
    const auto signatures = split(*given, ' ');
    if (signatures.size() > most_signatures) return malformed("webhook-signature: has too many signatures");
    bool matched = false;
    for (const auto signature : signatures) matched |= is_signed_by_one(keys, signature, *id, *stamp, arrived.body);
    if (!matched) return reception::refuse(403, "wrong_signature");
    const auto age = now - time_point{std::chrono::seconds{*seconds}};
    if (age > tolerance || age < -tolerance) return reception::refuse(403, "stale");
    return std::nullopt;
}

std::vector<header> standard_webhook_headers(const std::vector<std::string>& secrets, std::string_view id,
                                             time_point at, std::string_view body) {
    const auto stamp = std::to_string(to_millis(at) / 1000);
    std::vector<header> headers{{"webhook-id", std::string(id)}, {"webhook-timestamp", stamp}};
    std::string signatures;
    for (const auto& secret : secrets) {
        if (!signatures.empty()) signatures += ' ';
        signatures += shared_key_version;
        signatures += to_base64(hmac_of(hash_kind::sha256, secret, {id, ".", stamp, ".", body}));
    }
    if (!signatures.empty()) headers.emplace_back("webhook-signature", std::move(signatures));
    return headers;
}

abilities standard_webhook_abilities() {
    abilities made;
    made.files = true;
    made.files_by_link = true;
    made.files_travel_alone = false;
    return made;
}

provider_call standard_webhook_reply(std::string url, const std::vector<std::string>& secrets,
                                     const outgoing& message) {
    json::writer body;
    body.begin_object()
        .member("type", "reply.sent")
        .member("timestamp", to_rfc3339(message.at))
        .key("data")
        .begin_object();
    body.member("ticket", message.ticket).member_if("conversation", message.thread).member_if("to", message.from);
    body.member_if("message_id", message.provider_message_id).member("text", message.text);
    body.member_if("agent", message.agent_name).member("automatic", message.automatic);
    if (!message.files.empty()) {
        body.key("attachments").begin_array();
        for (const auto& file : message.files) {
            body.begin_object().member("name", file.name).member("type", file.type).member("size", file.size);
            body.member("url", file.url).end_object();
        }
        body.end_array();
    }
    body.end_object().end_object();

    provider_call call;
    call.url = std::move(url);
    call.body = body.take();
    call.headers = {{"Content-Type", "application/json"}};
    for (auto& each : standard_webhook_headers(secrets, message.idempotency_key, message.signed_at(), call.body))
        call.headers.push_back(std::move(each));
    return call;
}

}  // namespace kindred::channel
