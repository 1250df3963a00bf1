#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// Records what the outbox achieved with a message: its row, a line in the ticket's history, and the provider's id for
/// it so that answers and statuses find it.
void record_delivery(step& in, const delivery_report& report);

}  // namespace kindred::runtime
