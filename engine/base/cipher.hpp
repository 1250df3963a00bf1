#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace kindred {

/// AES-128 or AES-256 in Galois/Counter mode, as the length of the key says; the last `tag_bytes` (16 or 12) of
/// `sealed` are the tag. Nothing where the key or the tag does not fit: then not a byte of it is told.
std::optional<std::string> open_aes_gcm(std::string_view key, std::string_view iv, std::string_view sealed,
                                        std::size_t tag_bytes = 16);

/// AES-128 or AES-256 in cipher block chaining with the padding of PKCS #7. Nothing where key, length or padding is
/// wrong; there is no tag, so a change of the bytes may go unnoticed.
std::optional<std::string> open_aes_cbc(std::string_view key, std::string_view iv, std::string_view sealed);

}  // namespace kindred
