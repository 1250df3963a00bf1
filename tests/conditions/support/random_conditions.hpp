#pragma once
#include "conditions/support/world.hpp"

namespace kindred::conditions::testing_support {

/// A `when` in YAML, nested so deep at most; from RapidCheck's generators, to be called within a property.
std::string random_when(int depth);

/// Replaces the facts of the world by others, of values that random_when() asks for.
void give_random_facts(world& around);

}  // namespace kindred::conditions::testing_support
