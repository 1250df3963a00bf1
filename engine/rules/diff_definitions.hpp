#pragma once
#include "engine/rules/diff.hpp"

namespace kindred::rules {

/// What was added, removed, changed or (routes alone) moved past others, by name. `matters` is left true.
std::vector<changed_definition> changed_definitions(const ruleset& before, const ruleset& after, time_point base);

}  // namespace kindred::rules
