#pragma once
#include <cstdint>
#include <string>

namespace kindred {

/// 20 digits: such texts sort as their numbers do.
std::string sortable_number(std::uint64_t number);

}  // namespace kindred
