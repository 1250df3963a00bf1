#include "engine/store/redis/lengths.hpp"

#include <cstdint>
#include <cstring>

namespace kindred::store::redis {

std::string with_lengths(std::initializer_list<std::string_view> parts) {
    std::string made;
    std::size_t bytes = 0;
    for (const auto part : parts) bytes += sizeof(std::uint32_t) + part.size();
    made.reserve(bytes);
    for (const auto part : parts) {
        const auto size = static_cast<std::uint32_t>(part.size());
        made.append(reinterpret_cast<const char*>(&size), sizeof size).append(part);
    }
    return made;
}

std::optional<std::vector<std::string>> parts_of(std::string_view bytes, std::size_t count) {
    std::vector<std::string> found;
    while (!bytes.empty()) {
        std::uint32_t size = 0;
        if (bytes.size() < sizeof size) return std::nullopt;
        std::memcpy(&size, bytes.data(), sizeof size);
        bytes.remove_prefix(sizeof size);
        if (bytes.size() < size) return std::nullopt;
        found.emplace_back(bytes.substr(0, size));
        bytes.remove_prefix(size);
    }
    if (found.size() != count) return std::nullopt;
    return found;
}

}  // namespace kindred::store::redis
