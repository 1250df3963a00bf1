#include "engine/channel/signature.hpp"

namespace kindred::channel {

bool is_signed(hash_kind kind, digest_form form, const std::vector<std::string>& secrets,
               std::initializer_list<std::string_view> parts, std::string_view given) {
    bool matched = false;
    for (const auto& secret : secrets) {
        if (secret.empty()) continue;
        const auto digest = hmac_of(kind, secret, parts);
        // No early exit: which of two secrets fits is nobody's business.
        matched |= equal_secrets(form == digest_form::hex ? to_hex(digest) : to_base64(digest), given);
    }
    return matched;
}

bool is_signed_sha256_header(const std::vector<std::string>& secrets, std::string_view body, std::string_view header) {
    constexpr std::string_view scheme = "sha256=";
    if (!header.starts_with(scheme)) return false;
    return is_signed(hash_kind::sha256, digest_form::hex, secrets, {body}, header.substr(scheme.size()));
}

std::string sha256_hex(std::string_view bytes) {
    const auto digest = sha256(bytes);
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

bool is_one_of(const std::vector<std::string>& secrets, std::string_view given) {
    bool matched = false;
    for (const auto& secret : secrets) matched |= equal_secrets(secret, given);
    return matched;
}

}  // namespace kindred::channel
