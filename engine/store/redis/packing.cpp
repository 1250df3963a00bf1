#include "engine/store/redis/packing.hpp"

#include <zstd.h>

namespace kindred::store::redis {
namespace {

constexpr int level = 3;
constexpr std::size_t looked_at = std::size_t{128} << 10;
constexpr std::size_t most_at_once = std::size_t{64} << 20;  // it is held twice meanwhile

std::optional<std::string> smaller(std::string_view plain) {
    std::string made(ZSTD_compressBound(plain.size()), '\0');
    const auto size = ZSTD_compress(made.data(), made.size(), plain.data(), plain.size(), level);
    if (ZSTD_isError(size) != 0 || size > plain.size() - plain.size() / 8) return std::nullopt;
    made.resize(size);
    return made;
}

}  // namespace

std::optional<std::string> packed(std::string_view plain) {
    if (plain.size() > most_at_once) return std::nullopt;
    if (plain.size() > looked_at && !smaller(plain.substr(0, looked_at))) return std::nullopt;
    return smaller(plain);
}

result<std::string> unpacked(std::string_view packed, std::size_t plain_size) {
    std::string plain(plain_size, '\0');
    const auto size = ZSTD_decompress(plain.data(), plain.size(), packed.data(), packed.size());
    if (ZSTD_isError(size) != 0 || size != plain_size) return fail(errc::corrupt, "packed bytes are damaged");
    return plain;
}

}  // namespace kindred::store::redis
