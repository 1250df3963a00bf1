#pragma once
#include <cstddef>
#include <functional>
#include <string_view>

namespace kindred {

/// One hash of two texts, where neither alone says which thing is meant; for tables of this process.
inline std::size_t mixed_hash(std::string_view one, std::string_view other) {
    const std::hash<std::string_view> of;
    return of(one) * 0x9E3779B97F4A7C15U ^ of(other);
}

}  // namespace kindred
