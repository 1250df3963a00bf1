#include "engine/base/cipher.hpp"

#include <openssl/evp.h>

#include <limits>
#include <memory>

namespace kindred {
namespace {

using context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

constexpr std::size_t block = 16;
constexpr std::size_t most_bytes = std::numeric_limits<int>::max() - 2 * block;

/// Decrypts the whole, with whatever is to be checked at its end.
std::optional<std::string> opened(EVP_CIPHER_CTX* with, std::string_view sealed) {
    std::string plain(sealed.size() + block, '\0');
    int size = 0;
    int rest = 0;
    if (EVP_DecryptUpdate(with, bytes_of(plain), &size, bytes_of(sealed), static_cast<int>(sealed.size())) != 1)
        return std::nullopt;
    if (EVP_DecryptFinal_ex(with, bytes_of(plain) + size, &rest) != 1) return std::nullopt;
    plain.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(rest));
    return plain;
}

}  // namespace

std::optional<std::string> open_aes_gcm(std::string_view key, std::string_view iv, std::string_view sealed,
                                        std::size_t tag_bytes) {
    const auto* kind = key.size() == 32 ? EVP_aes_256_gcm() : key.size() == 16 ? EVP_aes_128_gcm() : nullptr;
    const bool fits = kind != nullptr && !iv.empty() && iv.size() <= 64 && (tag_bytes == 12 || tag_bytes == 16) &&
                      sealed.size() >= tag_bytes && sealed.size() < most_bytes;
    const context with(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    if (!fits || with == nullptr) return std::nullopt;
    std::string tag(sealed.substr(sealed.size() - tag_bytes));
    if (EVP_DecryptInit_ex(with.get(), kind, nullptr, nullptr, nullptr) != 1 ||
        EVP_CIPHER_CTX_ctrl(with.get(), EVP_CTRL_GCM_SET_IVLEN, static_cast<int>(iv.size()), nullptr) != 1 ||
        EVP_DecryptInit_ex(with.get(), nullptr, nullptr, bytes_of(key), bytes_of(iv)) != 1 ||
        EVP_CIPHER_CTX_ctrl(with.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag.size()), tag.data()) != 1)
        return std::nullopt;
    return opened(with.get(), sealed.substr(0, sealed.size() - tag_bytes));
}

std::optional<std::string> open_aes_cbc(std::string_view key, std::string_view iv, std::string_view sealed) {
    const auto* kind = key.size() == 32 ? EVP_aes_256_cbc() : key.size() == 16 ? EVP_aes_128_cbc() : nullptr;
    const context with(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    if (kind == nullptr || with == nullptr || iv.size() != block || sealed.size() >= most_bytes) return std::nullopt;
    if (EVP_DecryptInit_ex(with.get(), kind, nullptr, bytes_of(key), bytes_of(iv)) != 1) return std::nullopt;
    return opened(with.get(), sealed);
}

}  // namespace kindred
