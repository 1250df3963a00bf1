#include "engine/base/id.hpp"

#include <charconv>

namespace kindred {

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace kindred
