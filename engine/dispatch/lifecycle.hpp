#pragma once
#include "engine/dispatch/core.hpp"

/// The states of a ticket and the ways between them. Callers have checked that the way is open.
namespace kindred::dispatch {

/// For whom a ticket is to be held back at first.
struct wanted_claim {
    slot_no agent = none;
    duration lasts{0};
};

struct beginning {
    queued_because because = queued_because::enqueued;
    wanted_claim direct;  ///< no agent: the queue's `prefer` decides
};

/// The ticket, whose queue, plan and costs are set, starts to wait at its first step.
void begin_waiting(turn& now, slot_no ticket, const beginning& how);
/// It no longer waits; open offers were closed before. Declines are kept: it may wait on elsewhere.
void leave_waiting(turn& now, slot_no ticket);
/// Open offers revoked, then waiting anew in a queue and plan, perhaps other ones.
void wait_elsewhere(turn& now, slot_no ticket, queue_no queue, plan_no plan, std::string_view reason,
                    const beginning& how);

/// The next step's requirement, or a later one's where nobody has what it takes.
void advance_step(turn& now, slot_no ticket);
/// No longer held back for one agent.
void end_claim(turn& now, slot_no ticket);
void end_claims_of_agent(turn& now, slot_no agent);
/// Preferences of the queue for an agent that no longer qualifies end.
void end_lost_claims_of_agent(turn& now, slot_no agent);

/// The agent has the ticket from now on; its units are already used.
void hold(turn& now, slot_no ticket, slot_no agent, held_because because, agent_id taken_from);
/// The agent has one more (1) or one less (-1) ticket of this kind and state.
void count_held(agent_record& agent, const ticket_record& ticket, int by);
/// Enters a holder into the books without saying so.
void record_holder(core& site, slot_no ticket, slot_no agent);
/// The agent no longer has it, and its units are free.
void release_holder(turn& now, slot_no ticket);

/// Talk over: wrap-up, or gone at once.
void finish(turn& now, slot_no ticket, const std::string& disposition);
void finish_wrap_up(turn& now, slot_no ticket);
/// A snoozed ticket waits again, first for who had it.
void wake_up(turn& now, slot_no ticket);

void record_decline(core& site, slot_no ticket, const live_decline& decline);
/// All that there are; some there must be.
void forget_declines(core& site, slot_no ticket);
/// Those that `is_over` says so of.
template <class IsOver>
void forget_declines_where(core& site, slot_no ticket, IsOver is_over) {
    if (!site.tickets[ticket].declined) return;
    auto& declines = site.declines.at(ticket);
    std::erase_if(declines, [&](const live_decline& each) {
        const bool over = is_over(each);
        if (over) --site.agents[each.agent].declined;
        return over;
    });
    if (!declines.empty()) return;
    site.declines.erase(ticket);
    site.tickets[ticket].declined = false;
}
/// Tells the timers when something of the ticket's own is due: wrap-up, snooze, decline cool-downs.
void rearm_ticket(core& site, slot_no ticket);
/// Forgets a ticket that neither waits nor is held.
void drop_ticket(core& site, slot_no ticket);

}  // namespace kindred::dispatch
