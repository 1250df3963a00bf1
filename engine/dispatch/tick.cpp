#include "engine/dispatch/borrowing.hpp"
#include "engine/dispatch/carry_out.hpp"
#include "engine/dispatch/lifecycle.hpp"
#include "engine/dispatch/matching.hpp"
#include "engine/dispatch/offers.hpp"
#include "engine/dispatch/overrides.hpp"
#include "engine/dispatch/queue_clock.hpp"

namespace kindred::dispatch {

namespace {

void fire_offer(turn& now, slot_no slot) {
    core& site = now.site;
    const slot_no agent = site.offers[slot].agent;
    close_offer(now, slot, offer_outcome::expired, {});
    // Who did not answer is not asked again at once, by this ticket or the next.
    change_presence(now, agent, presence::away, "not_responding");
    if (site.not_responding_for == duration{0}) return;
    site.agents[agent].returns_at = site.now + site.not_responding_for;
    site.due.set(timer_owner::agent, agent, site.agents[agent].id.value, site.agents[agent].returns_at);
}

void fire_ticket(turn& now, slot_no slot) {
    core& site = now.site;
    const ticket_record& ticket = site.tickets[slot];
    if (ticket.state == ticket_state::wrapping_up) return finish_wrap_up(now, slot);
    if (ticket.state == ticket_state::snoozed) return wake_up(now, slot);
    forget_declines_where(site, slot, [&](const live_decline& each) { return each.until <= site.now; });
    rearm_ticket(site, slot);
    mark_ticket(site, slot);
}

void miss_target(turn& now, slot_no slot, queue_time at) {
    ticket_record& ticket = now.site.tickets[slot];
    for (const target which : {target::first_response, target::next_response, target::resolution}) {
        const auto bit = static_cast<std::uint8_t>(1U << (static_cast<unsigned>(which) - 1));
        if ((ticket.targets.missed & bit) != 0 || target_due(ticket.targets, which) != at) continue;
        ticket.targets.missed |= bit;
        now.say<target_missed>(ticket.id, which);
    }
    rearm_clock(now.site, slot);
}

/// The next moment of one ticket; the queue's timer goes on with the next.
void fire_queue(turn& now, queue_no queue) {
    core& site = now.site;
    if (fire_override(now, queue)) return;
    const auto& top = site.queues[queue].clock.top();
    const queue_time at = top.key.first;
    const slot_no slot = top.slot;
    const ticket_record& ticket = site.tickets[slot];
    if (ticket.claim_ends == at) return end_claim(now, slot);
    if (ticket.step_ends == at) return advance_step(now, slot);
    miss_target(now, slot, at);
}

}  // namespace

result<void> carry_out(turn& now, const tick& told) {
    core& site = now.site;
    for (auto due = site.due.earliest(); due && due->at <= site.now; due = site.due.earliest()) {
        switch (due->owner) {
            case timer_owner::offer: fire_offer(now, due->slot); break;
            case timer_owner::ticket: fire_ticket(now, due->slot); break;
            case timer_owner::agent: change_presence(now, due->slot, presence::available, {}); break;
            case timer_owner::queue: fire_queue(now, due->slot); break;
        }
        // Each timer is followed to its end before the next, as if it had been told at its own time.
        settle(now);
        if (follow_waits(now)) settle(now);
    }
    return {};
}

}  // namespace kindred::dispatch
