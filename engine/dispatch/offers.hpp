#pragma once
#include "engine/dispatch/core.hpp"
#include "engine/dispatch/events.hpp"

#include <array>
#include <cstdint>

/// Tentative assignments: they use the agent's units from the moment they are made.
namespace kindred::dispatch {

/// `passed_over` and `others`: as offer_made has them.
void make_offer(turn& now, slot_no ticket, slot_no agent,
                const std::array<agent_id, most_passed_over>& passed_over = {}, std::uint32_t others = 0);
/// Ends an offer and frees its units. The ticket waits on when it has no other; unless it was accepted, a claim for
/// this agent ends with it.
void close_offer(turn& now, slot_no offer, offer_outcome outcome, std::string_view reason);
void revoke_offers_of_ticket(turn& now, slot_no ticket, std::string_view reason);
void revoke_offers_of_agent(turn& now, slot_no agent, std::string_view reason);

/// Whether this ticket is on offer to this agent.
bool is_offered_to(const core& site, const ticket_record& ticket, slot_no agent);

/// Enters an offer into the books without saying so: for making one and for restoring one.
slot_no record_offer(core& site, offer_id id, slot_no ticket, slot_no agent, time_point made_at, time_point expires_at);

}  // namespace kindred::dispatch
