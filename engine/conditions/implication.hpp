#pragma once
#include "engine/conditions/condition.hpp"

namespace kindred::conditions {

/// Whether every contact for which `narrow` holds is one for which `wide` holds. True only where it is proved; false
/// may mean that it could not be.
bool implies(const condition& narrow, const condition& wide, const fact_catalog& catalog);

/// Two tests of a condition that cannot hold together, where that is proved; else none.
struct contradiction {
    const fact_test* one;
    const fact_test* other;
};
std::optional<contradiction> find_contradiction(const condition& asked, const fact_catalog& catalog);

}  // namespace kindred::conditions
