#pragma once
#include "engine/dispatch/events.hpp"

namespace kindred::runtime {

class step;

/// Writes what dispatch says happened into the ticket's history and onto the desks it concerns, and starts what must
/// follow (an accepted call is connected to its agent).
void record_event(step& in, const dispatch::event& happened);

}  // namespace kindred::runtime
