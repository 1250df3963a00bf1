#include "engine/channel/jwt.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/text.hpp"

namespace kindred::channel {
namespace {

std::optional<json::document> object_in(std::string_view encoded) {
    const auto text = from_base64url(encoded);
    if (!text) return std::nullopt;
    auto parsed = json::document::parse(*text);
    if (!parsed || !parsed->root().is_object()) return std::nullopt;
    return std::move(*parsed);
}

}  // namespace

std::optional<json::document> verified_claims(std::string_view token, const std::vector<std::string>& secrets) {
    const auto parts = split(token, '.');
    if (parts.size() != 3) return std::nullopt;
    const auto header = object_in(parts[0]);
    // An extension that must be understood is one that we do not (RFC 7515 section 4.1.11).
    if (!header || (*header)["alg"].text() != "HS256" || (*header)["crit"].exists()) return std::nullopt;
    bool genuine = false;
    for (const auto& secret : secrets) {
        if (secret.empty()) continue;
        const auto digest = hmac_of(hash_kind::sha256, secret, {parts[0], ".", parts[1]});
        genuine |= equal_secrets(to_base64url(digest), parts[2]);
    }
    return genuine ? object_in(parts[1]) : std::nullopt;
}

std::string signed_token(const private_key& key, std::string_view claims) {
    auto token = to_base64url(R"({"alg":"RS256","typ":"JWT"})") + '.' + to_base64url(claims);
    return token + '.' + to_base64url(key.sign(token));
}

}  // namespace kindred::channel
