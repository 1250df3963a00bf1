#include "engine/channel/meta.hpp"

#include "engine/channel/signature.hpp"
#include "engine/channel/webhook.hpp"

#include <algorithm>

namespace kindred::channel {
namespace {

/// Meta sends decimal numbers; anything else could be markup that somebody wants us to serve.
bool is_plain_challenge(std::string_view challenge) {
    return !challenge.empty() && challenge.size() <= 256 &&
           std::all_of(challenge.begin(), challenge.end(), [](char letter) {
               return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
                      (letter >= 'A' && letter <= 'Z') || letter == '-' || letter == '_';
           });
}

}  // namespace

reception meta_handshake(const request& arrived, const std::vector<std::string>& verify_tokens) {
    if (verify_tokens.empty()) return reception::refuse(403, "not_configured");
    const auto token = arrived.query_parameter("hub.verify_token");
    if (!token) return reception::refuse(403, "missing_signature");
    if (!is_one_of(verify_tokens, *token)) return reception::refuse(403, "wrong_signature");
    const auto challenge = arrived.query_parameter("hub.challenge");
    if (arrived.query_parameter("hub.mode") != "subscribe" || !challenge || !is_plain_challenge(*challenge))
        return reception::refuse(400, "malformed");
    reception made;
    made.reply.body = *challenge;
    made.when = answer_after::nothing;
    return made;
}

std::optional<reception> refuse_unless_meta(const request& arrived, const std::vector<std::string>& app_secrets) {
    if (app_secrets.empty()) return reception::refuse(403, "not_configured");
    const auto header = arrived.single_header("x-hub-signature-256");
    if (!header) return reception::refuse(401, "missing_signature");
    if (!is_signed_sha256_header(app_secrets, arrived.body, *header)) return reception::refuse(403, "wrong_signature");
    return std::nullopt;
}

reception receive_from_meta(const request& arrived, const std::vector<std::string>& app_secrets,
                            const std::vector<std::string>& verify_tokens, const meta_parser& parse) {
    if (!arrived.subpath.empty()) return reception::refuse(404, "unknown_path");
    if (arrived.method == "GET") return meta_handshake(arrived, verify_tokens);
    if (auto refused = refuse_unless_meta(arrived, app_secrets)) return std::move(*refused);
    if (auto refused = refuse_unless_json(arrived)) return std::move(*refused);
    auto records = parse(arrived.body);
    if (!records) return malformed(records.error().message);
    return accept(std::move(*records));
}

}  // namespace kindred::channel
