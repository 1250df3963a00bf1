#include "connectors/mime/reply_token.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/id.hpp"
#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::connectors::mime {
namespace {

constexpr std::size_t ticket_proof_length = 16;   // 80 bits: guessing one by mail takes longer than anybody has
constexpr std::size_t address_proof_length = 10;  // 50 bits, and worth nothing without the first proof
constexpr std::size_t unique_length = 13;

/// RFC 4648 base32 in lower case, cut to `length` digits.
std::string base32(std::string_view bytes, std::size_t length) {
    static constexpr std::string_view digits = "abcdefghijklmnopqrstuvwxyz234567";
    std::string text;
    unsigned pending = 0;
    unsigned bits = 0;
    for (const char byte : bytes) {
        pending = (pending << 8U) | static_cast<unsigned char>(byte);
        bits += 8;
        for (; bits >= 5; bits -= 5) text.push_back(digits[(pending >> (bits - 5)) & 31U]);
    }
    text.resize(std::min(length, text.size()));
    return text;
}

std::string ticket_proof(std::string_view secret, std::string_view ticket) {
    return base32(hmac_of(hash_kind::sha256, secret, {"ticket\n", ticket}), ticket_proof_length);
}

std::string address_proof(std::string_view secret, std::string_view ticket, std::string_view customer) {
    const auto folded = to_lower_ascii(trim(customer));
    return base32(hmac_of(hash_kind::sha256, secret, {"address\n", ticket, "\n", folded}), address_proof_length);
}

std::size_t plus_position(std::string_view address) {
    const auto at = address.rfind('@');
    const auto plus = address.find('+');
    return at == std::string_view::npos || plus == 0 || plus > at ? std::string_view::npos : plus;
}

}  // namespace

std::string make_reply_token(std::string_view secret, std::string_view ticket, std::string_view customer) {
    return "t" + std::string(ticket) + "-" + ticket_proof(secret, ticket) + "-" +
           address_proof(secret, ticket, customer);
}

std::optional<reply_token> read_reply_token(const std::vector<std::string>& secrets, std::string_view token,
                                            std::string_view sender) {
    const auto folded = to_lower_ascii(token);
    const auto parts = split(folded, '-');
    if (parts.size() != 3 || !parts[0].starts_with('t')) return std::nullopt;
    const auto ticket = parts[0].substr(1);
    if (!parse_number(ticket)) return std::nullopt;
    for (const auto& secret : secrets) {
        if (secret.empty() || !equal_secrets(ticket_proof(secret, ticket), parts[1])) continue;
        return reply_token{std::string(ticket), equal_secrets(address_proof(secret, ticket, sender), parts[2])};
    }
    return std::nullopt;
}

std::string make_message_id(std::string_view secret, std::string_view ticket, std::string_view customer,
                            std::string_view idempotency_key, std::string_view domain) {
    const auto unique =
        base32(hmac_of(hash_kind::sha256, secret, {"message\n", ticket, "\n", idempotency_key}), unique_length);
    return "<" + make_reply_token(secret, ticket, customer) + "." + unique + "@" + std::string(domain) + ">";
}

std::optional<reply_token> read_message_id(const std::vector<std::string>& secrets, std::string_view message_id,
                                           std::string_view sender) {
    if (!message_id.starts_with('<')) return std::nullopt;
    const auto token = message_id.substr(1, message_id.find('.') - 1);
    return read_reply_token(secrets, token, sender);
}

std::string with_plus_part(std::string_view address, std::string_view token) {
    const auto at = std::min(address.rfind('@'), address.size());
    return std::string(address.substr(0, at)) + "+" + std::string(token) + std::string(address.substr(at));
}

std::string_view plus_part(std::string_view address) {
    const auto plus = plus_position(address);
    if (plus == std::string_view::npos) return {};
    return address.substr(plus + 1, address.rfind('@') - plus - 1);
}

std::string without_plus_part(std::string_view address) {
    const auto plus = plus_position(address);
    if (plus == std::string_view::npos) return std::string(address);
    return std::string(address.substr(0, plus)) + std::string(address.substr(address.rfind('@')));
}

}  // namespace kindred::connectors::mime
