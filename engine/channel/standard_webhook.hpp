#pragma once
#include "engine/base/public_key.hpp"
#include "engine/base/time.hpp"
#include "engine/channel/connector.hpp"
#include "engine/channel/options.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Standard Webhooks, by which we are told things and tell others.
/// Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.
namespace kindred::channel {

/// The keys that may have signed what arrives.
struct standard_webhook_keys {
    std::vector<std::string> secrets;     ///< decoded: raw bytes
    std::vector<public_key> public_keys;  ///< Ed25519
};

/// The raw key of "whsec_<base64>"; the prefix may be missing. Nothing when it is no base64, or empty.
std::optional<std::string> standard_webhook_secret(std::string_view written);

/// Reads secrets (`whsec_...`) and Ed25519 keys (`whpk_...`) from two settings; complains about what is neither.
standard_webhook_keys standard_webhook_keys_in(options& settings, std::string_view secrets_setting,
                                               std::string_view public_keys_setting);

/// Why a request must be refused, or nothing when one of the keys signed it and its time is within `tolerance` of now:
/// not_configured, missing_signature, malformed, wrong_signature, stale. Unknown signature versions are passed over.
std::optional<reception> refuse_unless_standard_webhook(const request& arrived, const standard_webhook_keys& keys,
                                                        duration tolerance, time_point now);

/// The headers webhook-id, webhook-timestamp and webhook-signature of a body that is sent: one v1 signature for each
/// raw secret. No secrets: no signature header.
std::vector<header> standard_webhook_headers(const std::vector<std::string>& secrets, std::string_view id,
                                             time_point at, std::string_view body);

/// What such events carry: texts, and files by their addresses.
abilities standard_webhook_abilities();

/// The event `reply.sent` that hands an answer to the system a contact came from, signed under the message's
/// idempotency key, so that every attempt carries the same id.
provider_call standard_webhook_reply(std::string url, const std::vector<std::string>& secrets, const outgoing& message);

}  // namespace kindred::channel
