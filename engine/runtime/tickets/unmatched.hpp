#pragma once
#include "engine/runtime/world.hpp"

namespace kindred::runtime {

/// How many of some 200 tickets wait although an agent could have them: dispatch promises that there is none.
std::size_t count_unmatched(const world& in);

}  // namespace kindred::runtime
