#include "engine/dispatch/lifecycle.hpp"

#include "engine/dispatch/consulting.hpp"
#include "engine/dispatch/estimates.hpp"
#include "engine/dispatch/offers.hpp"
#include "engine/dispatch/queue_clock.hpp"
#include "engine/dispatch/refusal.hpp"
#include "engine/dispatch/roster.hpp"
#include "engine/dispatch/waiting.hpp"

#include <algorithm>

namespace kindred::dispatch {

namespace {

bool somebody_available_meets(const core& site, const ticket_record& ticket, signature_no demands) {
    const queue_record& queue = site.queues[ticket.queue];
    return std::any_of(queue.members.begin(), queue.members.begin() + queue.available, [&](slot_no member) {
        return works_on(site.agents[member], ticket.kind) && meets(site, site.agents[member], demands);
    });
}

/// The first step from `step` on that is not passed over. While the queue is closed nobody is there by right, so that
/// says nothing about who will be.
std::uint8_t step_from(const core& site, const ticket_record& ticket, std::uint8_t step) {
    const auto& steps = site.plans.steps(ticket.plan);
    while (step + 1 < steps.size() && steps[step].skip_if_nobody && site.queues[ticket.queue].open &&
           !somebody_available_meets(site, ticket, steps[step].demands)) {
        ++step;
    }
    return step;
}

void enter_step(core& site, ticket_record& ticket) {
    const auto& steps = site.plans.steps(ticket.plan);
    const bool ends = ticket.step + 1 < steps.size() && steps[ticket.step].lasts;
    ticket.step_ends = never;
    ticket.step_left = ends ? *steps[ticket.step].lasts : duration{-1};
}

bool may_claim(const core& site, const ticket_record& ticket, const agent_record& agent) {
    return agent.state == presence::available && membership_in(agent, ticket.queue) != nullptr &&
           works_on(agent, ticket.kind) && meets(site, agent, site.plans.steps(ticket.plan)[ticket.step].demands);
}

/// Whom the queue's `prefer` means, where that agent is there for it.
slot_no preferred_agent(const core& site, const ticket_record& ticket) {
    const preference wanted = site.queues[ticket.queue].settings.prefer;
    if (wanted == preference::nobody) return none;
    const agent_id id = wanted == preference::owner ? ticket.owner : ticket.last_agent;
    const slot_no agent = site.agent_slots.find(id.value);
    return agent != none && may_claim(site, ticket, site.agents[agent]) ? agent : none;
}

void begin_claim(core& site, ticket_record& ticket, const wanted_claim& direct) {
    const queue_record& queue = site.queues[ticket.queue];
    duration lasts = direct.lasts;
    if (direct.agent != none && site.agents[direct.agent].state == presence::available) {
        ticket.claim = claim_kind::direct;
        ticket.claimed_for = direct.agent;
    } else {
        ticket.claimed_for = preferred_agent(site, ticket);
        ticket.claim = ticket.claimed_for == none ? claim_kind::none : claim_kind::preferred;
        lasts = queue.settings.prefer_for;
    }
    ticket.claim_ends = ticket.claim == claim_kind::none ? never : clock_of(queue, site.now) + lasts.count();
}

/// What waits for this agent alone, by ticket number.
std::vector<slot_no> claimed_by(const core& site, slot_no agent) {
    std::vector<slot_no> tickets;
    for (const group_no group : site.agents[agent].claims) {
        site.groups[group].line.for_each([&](const auto& each) { tickets.push_back(each.slot); });
    }
    std::sort(tickets.begin(), tickets.end(),
              [&](slot_no a, slot_no b) { return site.tickets[a].id < site.tickets[b].id; });
    return tickets;
}

void say_steps(turn& now, const ticket_record& ticket, std::uint32_t from, bool first_skipped) {
    for (std::uint32_t step = from; step <= ticket.step; ++step) {
        now.say<step_advanced>(ticket.id, step, first_skipped || step > from);
    }
}

}  // namespace

void begin_waiting(turn& now, slot_no slot, const beginning& how) {
    core& site = now.site;
    ticket_record& ticket = site.tickets[slot];
    queue_record& queue = site.queues[ticket.queue];
    ticket.state = ticket_state::waiting;
    join_line(site, slot);
    queue.waits.usual_cost = ticket.cost;
    note_arrival(queue, ticket.head_start, site.now);
    ticket.step = step_from(site, ticket, 0);
    enter_step(site, ticket);
    begin_claim(site, ticket, how.direct);
    resume_step(site, ticket);
    place(site, slot);
    rearm_clock(site, slot);
    mark_ticket(site, slot);
    now.say<ticket_queued>(ticket.id, queue.settings.name, how.because,
                           ticket.asked == ticket.queue ? std::string() : site.queue_names.name(ticket.asked),
                           ticket.claim == claim_kind::none ? agent_id{} : site.agents[ticket.claimed_for].id);
    say_steps(now, ticket, 1, true);
    const bool wants_call = !queue.open && policy_while_closed(queue).handling == closed_handling::call_back;
    if (!wants_call || ticket.kind != channel_kind::phone || ticket.callback) return;
    ticket.callback = true;
    now.say<callback_requested>(ticket.id, queue.settings.name);
}

void leave_waiting(turn& now, slot_no slot) {
    core& site = now.site;
    ticket_record& ticket = site.tickets[slot];
    unplace(site, slot);
    leave_line(site, slot);
    ticket.claim = claim_kind::none;
    ticket.claimed_for = none;
    ticket.claim_ends = never;
    ticket.lent_to = none;
    ticket.step_ends = never;
    ticket.step_left = duration{-1};
    ticket.dirty = false;
    rearm_clock(site, slot);
}

void wait_elsewhere(turn& now, slot_no slot, queue_no queue, plan_no plan, std::string_view reason,
                    const beginning& how) {
    core& site = now.site;
    ticket_record& ticket = site.tickets[slot];
    revoke_offers_of_ticket(now, slot, reason);
    leave_waiting(now, slot);
    leave_clock(site, slot);
    pause_targets(site, ticket);
    belong_to(site, ticket, queue);
    resume_targets(site, ticket);
    ticket.plan = plan;
    begin_waiting(now, slot, how);
}

void advance_step(turn& now, slot_no slot) {
    core& site = now.site;
    ticket_record& ticket = site.tickets[slot];
    const auto next = static_cast<std::uint8_t>(ticket.step + 1);
    unplace(site, slot);
    ticket.step = step_from(site, ticket, next);
    enter_step(site, ticket);
    resume_step(site, ticket);
    place(site, slot);
    rearm_clock(site, slot);
    mark_ticket(site, slot);
    say_steps(now, ticket, next, false);
}

void end_claim(turn& now, slot_no slot) {
    core& site = now.site;
    ticket_record& ticket = site.tickets[slot];
    now.say<claim_ended>(ticket.id, site.agents[ticket.claimed_for].id);
    unplace(site, slot);
    ticket.claim = claim_kind::none;
    ticket.claimed_for = none;
    ticket.claim_ends = never;
    resume_step(site, ticket);
    place(site, slot);
    rearm_clock(site, slot);
    mark_ticket(site, slot);
}

void end_claims_of_agent(turn& now, slot_no agent) {
    for (const slot_no each : claimed_by(now.site, agent)) end_claim(now, each);
}

void end_lost_claims_of_agent(turn& now, slot_no agent) {
    const core& site = now.site;
    for (const slot_no each : claimed_by(site, agent)) {
        const ticket_record& ticket = site.tickets[each];
        if (ticket.claim == claim_kind::preferred && !may_claim(site, ticket, site.agents[agent])) end_claim(now, each);
    }
}

void count_held(agent_record& agent, const ticket_record& ticket, int by) {
    const auto change = static_cast<std::uint32_t>(by);
    if (ticket.state == ticket_state::wrapping_up) {
        agent.wrapping_up += change;
        return;
    }
    agent.held += change;
    agent.held_by_kind[kind_index(ticket.kind)] += change;
}

void record_holder(core& site, slot_no slot, slot_no holder) {
    ticket_record& ticket = site.tickets[slot];
    agent_record& agent = site.agents[holder];
    ticket.holder = holder;
    agent.holds.push_back(slot);
    count_held(agent, ticket, 1);
}

void hold(turn& now, slot_no slot, slot_no holder, held_because because, agent_id taken_from) {
    core& site = now.site;
    ticket_record& ticket = site.tickets[slot];
    agent_record& agent = site.agents[holder];
    ticket.state = ticket_state::held;
    ticket.callback = false;
    ticket.held_since = site.now;
    ticket.over_capacity = agent.used > agent.capacity;
    ticket.last_agent = agent.id;
    if (ticket.declined) forget_declines(site, slot);
    record_holder(site, slot, holder);
    agent.idle_since = site.now;
    rearm_ticket(site, slot);
    rearm_clock(site, slot);
    now.say<ticket_held>(ticket.id, agent.id, because, ticket.over_capacity, taken_from);
}

void release_holder(turn& now, slot_no slot) {
    core& site = now.site;
    ticket_record& ticket = site.tickets[slot];
    if (ticket.consulted != none) end_consultation(now, slot, "released");
    const slot_no holder = std::exchange(ticket.holder, none);
    agent_record& agent = site.agents[holder];
    // They are few, and stand together; the records of the others do not.
    *std::find(agent.holds.begin(), agent.holds.end(), slot) = agent.holds.back();
    agent.holds.pop_back();
    ticket.over_capacity = false;
    count_held(agent, ticket, -1);
    agent.idle_since = site.now;
    note_handling(site.queues[ticket.queue], site.now - ticket.held_since);
    free_units(site, holder, ticket.kind, ticket.cost);
}

void finish(turn& now, slot_no slot, const std::string& disposition) {
    core& site = now.site;
    ticket_record& ticket = site.tickets[slot];
    agent_record& agent = site.agents[ticket.holder];
    if (ticket.consulted != none) end_consultation(now, slot, "resolved");
    now.say<ticket_resolved>(ticket.id, agent.id, disposition);
    duration wrap_up{0};
    for (const auto& [kind, lasts] : site.queues[ticket.queue].settings.wrap_up) {
        if (kind == ticket.kind) wrap_up = lasts;
    }
    if (wrap_up == duration{0}) {
        release_holder(now, slot);
        return drop_ticket(site, slot);
    }
    count_held(agent, ticket, -1);
    ticket.state = ticket_state::wrapping_up;
    count_held(agent, ticket, 1);
    // The talk paused work of other kinds; its wrap-up does not.
    if (site.has_kind_rules && agent.state == presence::available) mark_agent(site, ticket.holder);
    ticket.until = site.now + wrap_up;
    pause_targets(site, ticket);
    rearm_clock(site, slot);
    rearm_ticket(site, slot);
    now.say<wrap_up_started>(ticket.id, agent.id, ticket.until);
}

void finish_wrap_up(turn& now, slot_no slot) {
    const ticket_record& ticket = now.site.tickets[slot];
    now.say<wrap_up_ended>(ticket.id, now.site.agents[ticket.holder].id);
    release_holder(now, slot);
    drop_ticket(now.site, slot);
}

void wake_up(turn& now, slot_no slot) {
    core& site = now.site;
    ticket_record& ticket = site.tickets[slot];
    ticket.until = {};
    ticket.enqueued_at = site.now;
    resume_targets(site, ticket);
    begin_waiting(now, slot,
                  {queued_because::woken, {site.agent_slots.find(ticket.last_agent.value), ticket.claim_for}});
    rearm_ticket(site, slot);
}

void forget_declines(core& site, slot_no slot) {
    site.tickets[slot].declined = false;
    for (const live_decline& each : site.declines.at(slot)) --site.agents[each.agent].declined;
    site.declines.erase(slot);
}

void record_decline(core& site, slot_no slot, const live_decline& decline) {
    site.tickets[slot].declined = true;
    site.declines[slot].push_back(decline);
    ++site.agents[decline.agent].declined;
}

void rearm_ticket(core& site, slot_no slot) {
    ticket_record& ticket = site.tickets[slot];
    std::optional<time_point> next;
    if (ticket.state == ticket_state::wrapping_up || ticket.state == ticket_state::snoozed) next = ticket.until;
    if (ticket.declined) {
        for (const live_decline& each : site.declines.at(slot)) next = std::min(next.value_or(each.until), each.until);
    }
    if (!next && !ticket.timed) return;
    ticket.timed = next.has_value();
    site.due.set(timer_owner::ticket, slot, ticket.id.value, next);
}

void drop_ticket(core& site, slot_no slot) {
    ticket_record& ticket = site.tickets[slot];
    if (ticket.declined) forget_declines(site, slot);
    leave_clock(site, slot);
    if (ticket.timed) site.due.set(timer_owner::ticket, slot, ticket.id.value, std::nullopt);
    site.ticket_slots.erase(ticket.id.value);
    belong_to(site, ticket, none);
    site.tickets.give_back(slot);
}

}  // namespace kindred::dispatch
