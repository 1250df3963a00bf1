#include "engine/base/sortable_number.hpp"

namespace kindred {

std::string sortable_number(std::uint64_t number) {
    constexpr std::size_t digits = 20;
    auto text = std::to_string(number);
    text.insert(0, digits - text.size(), '0');
    return text;
}

}  // namespace kindred
