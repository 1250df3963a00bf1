#pragma once
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// Follows the world's rules: every open ticket is looked at in the next rounds, a bounded number in each.
void watch_for_escalations(world& of);

/// Carries out every escalation that holds now, each once for a ticket, in the order of the rules; of tickets that the
/// rules have not seen yet for some, and the clock is due again while there are more.
void escalate(step& in);

}  // namespace kindred::runtime
