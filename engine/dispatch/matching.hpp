#pragma once
#include "engine/dispatch/core.hpp"
#include "engine/dispatch/events.hpp"

#include <array>

/// Who is offered what. All matching goes through ruled_out(), so that explaining and doing cannot differ.
namespace kindred::dispatch {

/// The first reason why this agent cannot be offered this ticket now; none: it can.
/// `funnel_stage::offerable` stands for what the ticket itself lacks for this agent: an open queue, no claim of
/// another, not already on offer to it.
std::optional<funnel_stage> ruled_out(const core& site, slot_no ticket, slot_no agent);

/// Who is chosen for a ticket, and over whom.
struct chosen_agent {
    slot_no agent = none;                                          ///< `none`: nobody could be offered it
    std::array<slot_no, most_passed_over> next{none, none, none};  ///< the next best first
    std::uint32_t others = 0;                                      ///< who could be offered it as well
};

/// The agent that the queue's `choose` prefers among those that could be offered the ticket.
chosen_agent choose_agent(const core& site, slot_no ticket);
inline slot_no best_agent(const core& site, slot_no ticket) { return choose_agent(site, ticket).agent; }

/// The ticket that this agent should be offered next; `none` if there is none for it. Looks at the heads of the groups
/// it may serve, and past those it declined or has on offer.
slot_no best_ticket(const core& site, slot_no agent);

/// Makes offers until no ticket waits that an agent could be offered. Only what was marked can have become possible.
void settle_marked(turn& now);
inline void settle(turn& now) {
    if (!now.site.dirty_agents.empty() || !now.site.dirty_tickets.empty()) settle_marked(now);
}

}  // namespace kindred::dispatch
