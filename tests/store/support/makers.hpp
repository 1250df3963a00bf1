#pragma once
#include "tests/store/contract.hpp"

#include <vector>

namespace kindred::store {

/// Every implementation that the suite runs against.
std::vector<store_maker> all_makers();

}  // namespace kindred::store
