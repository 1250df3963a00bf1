#pragma once
#include "engine/channel/connector.hpp"

#include <functional>
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

/// What is proven to be Meta's becomes the records that `parse` makes of its body.
using meta_parser = std::function<result<std::vector<record>>(std::string_view body)>;

/// Takes a request from Meta in: handshake, proof, form, then `parse`. Only the webhook's own address is known.
reception receive_from_meta(const request& arrived, const std::vector<std::string>& app_secrets,
                            const std::vector<std::string>& verify_tokens, const meta_parser& parse);

}  // namespace kindred::channel
