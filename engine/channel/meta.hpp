#pragma once
#include "engine/channel/connector.hpp"

#include <optional>
#include <string>
#include <vector>

/// What Meta's webhooks (WhatsApp, Messenger, Instagram) have in common.
/// Source: developers.facebook.com/docs/graph-api/webhooks/getting-started.
namespace kindred::channel {

/// The answer to a subscription handshake (GET): the bare challenge where the verify token is ours, else a refusal.
reception meta_handshake(const request& arrived, const std::vector<std::string>& verify_tokens);

/// Why a delivery must be refused (X-Hub-Signature-256 over the raw bytes; the SHA-1 header counts for nothing), or
/// nothing when it is Meta's.
std::optional<reception> refuse_unless_meta(const request& arrived, const std::vector<std::string>& app_secrets);

}  // namespace kindred::channel
