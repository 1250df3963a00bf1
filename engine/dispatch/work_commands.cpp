#include "engine/dispatch/carry_out.hpp"
#include "engine/dispatch/estimates.hpp"
#include "engine/dispatch/lifecycle.hpp"
#include "engine/dispatch/limits.hpp"
#include "engine/dispatch/offers.hpp"
#include "engine/dispatch/queue_clock.hpp"
#include "engine/dispatch/refusal.hpp"
#include "engine/dispatch/roster.hpp"
#include "engine/dispatch/waiting.hpp"

namespace kindred::dispatch {

result<void> carry_out(turn& now, const accept& told) {
    core& site = now.site;
    const auto slot = find_offer(site, told.offer, told.agent);
    if (!slot) return slot.error();
    const offer_record offer = site.offers[*slot];
    close_offer(now, *slot, offer_outcome::accepted, {});
    revoke_offers_of_ticket(now, offer.ticket, "accepted_by_other");
    leave_waiting(now, offer.ticket);
    const ticket_record& ticket = site.tickets[offer.ticket];
    note_wait(site.queues[ticket.queue], site.now - ticket.enqueued_at, false);
    hold(now, offer.ticket, offer.agent, held_because::accepted, {});
    return {};
}

result<void> carry_out(turn& now, const decline& told) {
    core& site = now.site;
    const auto slot = find_offer(site, told.offer, told.agent);
    if (!slot) return slot.error();
    const offer_record offer = site.offers[*slot];
    const ticket_record& ticket = site.tickets[offer.ticket];
    const duration cool_down = site.queues[ticket.queue].settings.offer.after_decline;
    if (cool_down > duration{0}) {
        record_decline(site, offer.ticket, {offer.agent, site.now + cool_down});
        rearm_ticket(site, offer.ticket);
    }
    close_offer(now, *slot, offer_outcome::declined, {});
    return {};
}

result<void> carry_out(turn& now, const assign& told) {
    core& site = now.site;
    const auto slot = find_ticket(site, told.ticket);
    if (!slot) return slot.error();
    const auto agent = find_agent(site, told.agent);
    if (!agent) return agent.error();
    ticket_record& ticket = site.tickets[*slot];
    if (ticket.state == ticket_state::wrapping_up) return refuse_state("ticket_in_wrap_up", ticket);
    if (ticket.holder == *agent) return refuse_state("already_held", ticket);
    agent_id taken_from;
    if (ticket.state == ticket_state::held) {
        taken_from = site.agents[ticket.holder].id;
        release_holder(now, *slot);
    } else if (ticket.state == ticket_state::snoozed) {
        ticket.until = {};
        resume_targets(site, ticket);
    } else {
        revoke_offers_of_ticket(now, *slot, "assigned");
        leave_waiting(now, *slot);
    }
    use_units(site, *agent, ticket.kind, ticket.cost);
    hold(now, *slot, *agent, held_because::assigned, taken_from);
    return {};
}

result<void> carry_out(turn& now, const resolve& told) {
    const auto slot = find_held(now.site, told.ticket);
    if (!slot) return slot.error();
    if (told.disposition.size() > longest_name)
        return refuse(errc::invalid, "invalid_disposition", "at most 200 bytes");
    finish(now, *slot, told.disposition);
    return {};
}

result<void> carry_out(turn& now, const end_wrap_up& told) {
    const auto slot = find_in_wrap_up(now.site, told.ticket);
    if (!slot) return slot.error();
    finish_wrap_up(now, *slot);
    return {};
}

result<void> carry_out(turn& now, const extend_wrap_up& told) {
    const auto slot = find_in_wrap_up(now.site, told.ticket);
    if (!slot) return slot.error();
    if (auto span = check_span(told.more, "more"); !span) return span;
    ticket_record& ticket = now.site.tickets[*slot];
    ticket.until = now.site.now + told.more;
    rearm_ticket(now.site, *slot);
    now.say<wrap_up_started>(ticket.id, now.site.agents[ticket.holder].id, ticket.until);
    return {};
}

result<void> carry_out(turn& now, const snooze& told) {
    core& site = now.site;
    const auto slot = find_held(site, told.ticket);
    if (!slot) return slot.error();
    if (auto span = check_span(told.claim_for, "claim_for"); !span) return span;
    if (!is_sane(told.until) || told.until <= site.now) {
        return refuse(errc::invalid, "invalid_time", "until must lie in the future");
    }
    if (auto span = check_span(told.until - site.now, "until"); !span) return span;
    ticket_record& ticket = site.tickets[*slot];
    const agent_id agent = site.agents[ticket.holder].id;
    release_holder(now, *slot);
    ticket.state = ticket_state::snoozed;
    ticket.until = told.until;
    ticket.claim_for = told.claim_for;
    ticket.last_agent = agent;
    pause_targets(site, ticket);
    rearm_clock(site, *slot);
    rearm_ticket(site, *slot);
    now.say<ticket_snoozed>(ticket.id, agent, told.until);
    return {};
}

result<void> carry_out(turn& now, const wake& told) {
    const auto slot = find_ticket(now.site, told.ticket);
    if (!slot) return slot.error();
    if (now.site.tickets[*slot].state != ticket_state::snoozed) {
        return refuse_state("ticket_not_snoozed", now.site.tickets[*slot]);
    }
    wake_up(now, *slot);
    return {};
}

result<void> carry_out(turn& now, const agent_replied& told) {
    const auto slot = find_ticket(now.site, told.ticket);
    if (!slot) return slot.error();
    const ticket_record& ticket = now.site.tickets[*slot];
    if (ticket.state == ticket_state::wrapping_up) return refuse_state("ticket_in_wrap_up", ticket);
    reorder(now.site, *slot, [](ticket_record& answered) {
        answered.targets.replied = true;
        answered.targets.next_runs = false;
        answered.targets.next_from = 0;
    });
    rearm_clock(now.site, *slot);
    return {};
}

result<void> carry_out(turn& now, const customer_wrote& told) {
    core& site = now.site;
    const auto slot = find_ticket(site, told.ticket);
    if (!slot) return slot.error();
    const ticket_record& ticket = site.tickets[*slot];
    if (ticket.state == ticket_state::wrapping_up) return refuse_state("ticket_in_wrap_up", ticket);
    // Before the first answer the first-response target counts; later, from the first unanswered message on.
    if (!ticket.targets.replied || ticket.targets.next_runs) return {};
    reorder(site, *slot, [&](ticket_record& asked) {
        target_clocks& targets = asked.targets;
        targets.next_runs = true;
        targets.next_from = targets.paused ? 0 : clock_of(site.queues[asked.queue], site.now);
        targets.missed &= static_cast<std::uint8_t>(~(1U << (static_cast<unsigned>(target::next_response) - 1)));
    });
    rearm_clock(site, *slot);
    return {};
}

}  // namespace kindred::dispatch
