#pragma once
#include <array>
#include <string_view>

namespace kindred::store::sqlite {

/// What finds a key or a conversation.
struct lookup_hash {
    std::array<char, 16> bytes{};

    std::string_view view() const { return {bytes.data(), bytes.size()}; }
};

/// The first 16 bytes of the SHA-256 of `space`, NUL, `id`.
lookup_hash lookup_hash_of(std::string_view space, std::string_view id);

}  // namespace kindred::store::sqlite
