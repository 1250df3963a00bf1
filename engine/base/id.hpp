#pragma once
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace kindred {

/// A number that names one thing of one kind. Ids of different kinds do not convert into each other.
/// Zero names nothing.
template <class Tag>
struct id {
    std::uint64_t value = 0;

    constexpr explicit operator bool() const { return value != 0; }
    constexpr auto operator<=>(const id&) const = default;
};

/// The decimal text of an id, as used in URLs and JSON (as a string there: some clients lose digits past 2^53).
template <class Tag>
std::string to_string(id<Tag> named) {
    return std::to_string(named.value);
}

/// The number in `text`: decimal digits only, not zero, at most 20 of them.
std::optional<std::uint64_t> parse_number(std::string_view text);

template <class Id>
std::optional<Id> parse_id(std::string_view text) {
    const auto number = parse_number(text);
    if (!number || *number == 0) return std::nullopt;
    return Id{*number};
}

}  // namespace kindred

template <class Tag>
struct std::hash<kindred::id<Tag>> {
    std::size_t operator()(kindred::id<Tag> named) const noexcept {
        // Ids count up by one: spread them, or every table degenerates into runs.
        return static_cast<std::size_t>(named.value * 0x9E3779B97F4A7C15ULL >> 7U);
    }
};
