#pragma once
#include "engine/customers/moment.hpp"
#include "engine/runtime/step.hpp"

#include <string>
#include <vector>

namespace kindred::runtime {

/// What is on record of a customer and has another value in `after`, by the names of their facts.
std::vector<std::string> changed_facts(const customer& before, const customer& after);

/// Puts on a customer's journey what changed on their record, with the segments and the stage that this moved them
/// between. `happened` says what, by whom, and what else is known of it; the rest is filled in here.
void note_moment(step& in, customers::moment happened, const customer& before, const customer& after);
/// The same, where it moved them at all: for what comes by the million.
void note_moves(step& in, customers::moment happened, const customer& before, const customer& after);

}  // namespace kindred::runtime
