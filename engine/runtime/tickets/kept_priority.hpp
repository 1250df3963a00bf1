#pragma once
#include "engine/dispatch/commands.hpp"
#include "engine/runtime/tickets/decision_record.hpp"
#include "engine/runtime/world.hpp"

#include <string>

namespace kindred::runtime {

/// The priority of a ticket that is decided again: `decided`, unless somebody set another one or an escalation raised
/// it higher, which then stands in the plan. Gives its name.
std::string keep_priority(const world& on, const ticket& about, const decision_record& record,
                          const std::string& decided, dispatch::ticket_plan& plan);

}  // namespace kindred::runtime
