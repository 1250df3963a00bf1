#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

#include <optional>
#include <unordered_map>

namespace kindred::runtime {

/// The outbox rows that are not settled, as the writer knows them: a report changes exactly one.
using open_messages = std::unordered_map<outbox_id, store::outbox_row>;

/// Records what the outbox achieved with a message: its row, a line in the ticket's history, and the provider's id for
/// it so that answers and statuses find it.
void record_delivery(step& in, open_messages& open, const delivery_report& report);

}  // namespace kindred::runtime
