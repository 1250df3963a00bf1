#pragma once
#include "engine/dispatch/core.hpp"

/// A second agent who is asked about a ticket that another holds. Uses the units of both.
namespace kindred::dispatch {

/// Enters the second agent into the books without saying so: for asking one and for restoring one.
void record_consultation(core& site, slot_no ticket, slot_no agent);
/// The second agent, whom there must be, is free of the ticket.
void end_consultation(turn& now, slot_no ticket, std::string_view reason);
void end_consultations_of_agent(turn& now, slot_no agent, std::string_view reason);

}  // namespace kindred::dispatch
