#pragma once
#include "engine/conditions/condition.hpp"
#include "engine/conditions/fact_table.hpp"

namespace kindred::conditions {

/// The first test or group that does not hold, in the order written; none when the condition holds. Of an `any` it is
/// the group, of a `none` the member that held. This is the one evaluator: deciding asks whether there is one,
/// explaining shows it.
const condition* first_failure(const condition& asked, fact_table& facts);

inline bool holds(const condition& asked, fact_table& facts) { return first_failure(asked, facts) == nullptr; }

bool holds(const fact_test& test, fact_table& facts);

}  // namespace kindred::conditions
