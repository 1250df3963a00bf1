#include "engine/base/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <memory>
#include <stdexcept>
#include <unordered_map>

namespace kindred {
namespace {

const EVP_MD* digest_named(hash_kind kind) {
    // Fetching per call costs more than hashing a webhook body; OpenSSL's objects live as long as the process.
    static const EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
    static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return kind == hash_kind::sha1 ? sha1 : sha256;
}

std::string_view name_of(hash_kind kind) {
    switch (kind) {
        case hash_kind::sha1: return "SHA1";
        case hash_kind::sha256: return "SHA256";
        case hash_kind::sha512: return "SHA512";
    }
    return "SHA256";
}

constexpr std::string_view base64_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64url_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(std::string_view bytes, std::string_view letters, bool padded) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::size_t i = 0;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned>(static_cast<unsigned char>(bytes[at])); };
    for (; i + 3 <= bytes.size(); i += 3) {
        const unsigned group = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
        for (int shift = 18; shift >= 0; shift -= 6) text += letters[group >> static_cast<unsigned>(shift) & 63U];
    }
    const std::size_t left = bytes.size() - i;
    if (left == 0) return text;
    const unsigned group = byte(i) << 16U | (left == 2 ? byte(i + 1) << 8U : 0U);
    text += letters[group >> 18U & 63U];
    text += letters[group >> 12U & 63U];
    if (left == 2) text += letters[group >> 6U & 63U];
    if (padded) text.append(3 - left, '=');
    return text;
}

std::optional<std::string> decode(std::string_view text, std::string_view letters, bool padded) {
    if (padded) {
        if (text.size() % 4 != 0) return std::nullopt;
        for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) text.remove_suffix(1);
    }
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    unsigned group = 0;
    unsigned bits = 0;
    for (const char letter : text) {
        const auto value = letters.find(letter);
        if (value == std::string_view::npos || letter == '\0') return std::nullopt;
        group = (group << 6U | static_cast<unsigned>(value)) & 0xFFFFFFU;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(group >> bits & 0xFFU);
        }
    }
    if ((group & ((1U << bits) - 1U)) != 0) return std::nullopt;  // stray bits: not what an encoder writes
    return bytes;
}

}  // namespace

sha256_digest sha256(std::string_view bytes) {
    // A context made for each short text costs as much as hashing it.
    thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                       &EVP_MD_CTX_free);
    sha256_digest digest{};
    if (EVP_DigestInit_ex2(context.get(), digest_named(hash_kind::sha256), nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1)
        throw std::runtime_error("SHA-256 is not available");
    return digest;
}

struct hmac::state {
    EVP_MAC_CTX* context = nullptr;
    ~state() { EVP_MAC_CTX_free(context); }
};

hmac::hmac(hash_kind kind, std::string_view key) : state_(std::make_unique<state>()) {
    static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    state_->context = EVP_MAC_CTX_new(algorithm);
    std::string name(name_of(kind));
    const std::array<OSSL_PARAM, 2> parameters{OSSL_PARAM_construct_utf8_string("digest", name.data(), 0),
                                               OSSL_PARAM_construct_end()};
    static constexpr unsigned char nothing = 0;  // OpenSSL takes a null key as "keep the old one"
    const auto* bytes = key.empty() ? &nothing : reinterpret_cast<const unsigned char*>(key.data());
    if (state_->context == nullptr || EVP_MAC_init(state_->context, bytes, key.size(), parameters.data()) != 1)
        throw std::runtime_error("HMAC is not available");
}

hmac::~hmac() = default;
hmac::hmac(hmac&&) noexcept = default;
hmac& hmac::operator=(hmac&&) noexcept = default;

std::string hmac::operator()(std::initializer_list<std::string_view> parts) {
    if (EVP_MAC_init(state_->context, nullptr, 0, nullptr) != 1) throw std::runtime_error("HMAC cannot restart");
    for (const auto part : parts)
        EVP_MAC_update(state_->context, reinterpret_cast<const unsigned char*>(part.data()), part.size());
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    std::size_t size = 0;
    if (EVP_MAC_final(state_->context, digest.data(), &size, digest.size()) != 1)
        throw std::runtime_error("HMAC cannot finish");
    return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string hmac_of(hash_kind kind, std::string_view key, std::initializer_list<std::string_view> parts) {
    thread_local std::unordered_map<std::string, hmac> expanded;
    std::string name(name_of(kind));
    name += key;
    auto found = expanded.find(name);
    if (found == expanded.end()) {
        if (expanded.size() >= 64) expanded.clear();  // secrets are few; only a flood of odd keys gets here
        found = expanded.emplace(std::move(name), hmac(kind, key)).first;
    }
    return found->second(parts);
}

bool equal_secrets(std::string_view left, std::string_view right) {
    return !left.empty() && left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(bytes.size() * 2, '\0');
    auto to = text.begin();
    for (const char byte : bytes) {
        *to++ = digits[static_cast<unsigned char>(byte) >> 4U];
        *to++ = digits[static_cast<unsigned char>(byte) & 15U];
    }
    return text;
}

std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    const auto digit = [](char letter) {
        if (letter >= '0' && letter <= '9') return letter - '0';
        if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
        if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
        return -1;
    };
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digit(text[i]);
        const int low = digit(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

std::string to_base64(std::string_view bytes) { return encode(bytes, base64_letters, true); }
std::optional<std::string> from_base64(std::string_view text) { return decode(text, base64_letters, true); }
std::string to_base64url(std::string_view bytes) { return encode(bytes, base64url_letters, false); }
std::optional<std::string> from_base64url(std::string_view text) { return decode(text, base64url_letters, false); }

std::string random_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) != 1)
        throw std::runtime_error("the operating system gives no randomness");
    return bytes;
}

std::string random_token() { return to_base64url(random_bytes(32)); }

}  // namespace kindred
