#pragma once
#include "engine/conditions/condition.hpp"

#include <optional>

namespace kindred::conditions {

/// Two tests of a condition that cannot hold together, where that can be seen from the two alone; else none. What takes
/// more is for a prover.
struct contradiction {
    const fact_test* one;
    const fact_test* other;
};
std::optional<contradiction> find_contradiction(const condition& asked, const fact_catalog& catalog);

}  // namespace kindred::conditions
