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

namespace {

/// A record with all that does not depend on whether it waits or is held.
slot_no open_ticket(core& site, ticket_id id, channel_kind kind, std::uint32_t cost, const ticket_plan& plan,
                    plan_no known, queue_no queue) {
    const slot_no slot = add_ticket(site, id);
    ticket_record& ticket = site.tickets[slot];
    ticket.kind = kind;
    ticket.cost = cost;
    belong_to(site, ticket, queue);
    ticket.asked = site.queues[queue].settings.name == plan.queue ? queue : queue_number(site, plan.queue);
    ticket.plan = known != no_number ? known : site.plans.intern(plan.steps);
    ticket.head_start = plan.head_start;
    ticket.enqueued_at = site.now;
    start_targets(site, ticket, plan);
    return slot;
}

/// Where a transfer leads, checked but not yet done.
struct destination {
    queue_no queue = none;
    slot_no agent = none;
};

result<destination> destination_of(const core& site, const ticket_record& ticket, const transfer& told) {
    destination to;
    if (told.agent) {
        const auto agent = find_agent(site, told.agent);
        if (!agent) return agent.error();
        if (*agent == ticket.holder) return refuse_state("already_held", ticket);
        if (site.agents[*agent].state != presence::available) {
            return refuse(errc::conflict, "agent_not_present", "agent " + to_string(told.agent) + " is not available");
        }
        to.agent = *agent;
    }
    // What goes to an agent by hand does not stand in the line of a queue it does not leave.
    if (told.queue.empty() && (to.agent != none || ticket.holder == none)) {
        to.queue = ticket.queue;
        return to;
    }
    const std::string& name = told.queue.empty() ? site.queue_names.name(ticket.queue) : told.queue;
    const auto queue = admit(site, name, ticket.holder == none ? ticket.queue : none);
    if (!queue) return queue.error();
    to.queue = *queue;
    return to;
}

void move_target_lengths(core& site, slot_no slot, const ticket_plan& plan) {
    reorder(site, slot, [&](ticket_record& ticket) { change_targets(ticket, plan); });
    rearm_clock(site, slot);
}

void change_head_start(turn& now, slot_no slot, duration head_start) {
    const ticket_record& ticket = now.site.tickets[slot];
    if (ticket.head_start == head_start) return;
    reorder(now.site, slot, [&](ticket_record& changed) { changed.head_start = head_start; });
    now.say<priority_changed>(ticket.id, head_start);
}

}  // namespace

result<void> carry_out(turn& now, const enqueue& told) {
    const auto plan = check_new_ticket(now.site, told.ticket, told.cost, told.plan);
    if (!plan) return plan.error();
    const auto queue = admit(now.site, told.plan.queue, none);
    if (!queue) return queue.error();
    const slot_no slot = open_ticket(now.site, told.ticket, told.kind, told.cost, told.plan, *plan, *queue);
    now.site.tickets[slot].last_agent = told.last_agent;
    now.site.tickets[slot].owner = told.owner;
    begin_waiting(now, slot, {});
    return {};
}

result<void> carry_out(turn& now, const reopen& told) {
    core& site = now.site;
    const slot_no known = site.ticket_slots.find(told.ticket.value);
    if (known != none && site.tickets[known].state == ticket_state::wrapping_up) {
        ticket_record& ticket = site.tickets[known];
        agent_record& agent = site.agents[ticket.holder];
        count_held(agent, ticket, -1);
        ticket.state = ticket_state::held;
        ticket.until = {};
        count_held(agent, ticket, 1);
        resume_targets(site, ticket);
        rearm_ticket(site, known);
        rearm_clock(site, known);
        now.say<ticket_held>(ticket.id, agent.id, held_because::reopened, ticket.over_capacity);
        return {};
    }
    const auto plan = check_new_ticket(site, told.ticket, told.cost, told.plan);
    if (!plan) return plan.error();
    if (auto span = check_span(told.claim_for, "claim_for"); !span) return span;
    const auto queue = admit(site, told.plan.queue, none);
    if (!queue) return queue.error();
    const slot_no slot = open_ticket(site, told.ticket, told.kind, told.cost, told.plan, *plan, *queue);
    site.tickets[slot].last_agent = told.last_agent;
    begin_waiting(now, slot,
                  {queued_because::reopened, {site.agent_slots.find(told.last_agent.value), told.claim_for}});
    return {};
}

result<void> carry_out(turn& now, const begin_held& told) {
    core& site = now.site;
    const auto plan = check_new_ticket(site, told.ticket, told.cost, told.plan);
    if (!plan) return plan.error();
    const auto agent = find_agent(site, told.agent);
    if (!agent) return agent.error();
    // It does not stand in line, so the queue's limit and hours do not matter; its wrap-up and targets do.
    const auto queue = site.queue_names.find(told.plan.queue);
    if (!queue || !site.queues[*queue].configured) {
        return refuse(errc::not_found, "unknown_queue", "there is no queue \"" + told.plan.queue + "\"");
    }
    const slot_no slot = open_ticket(site, told.ticket, told.kind, told.cost, told.plan, *plan, *queue);
    use_units(site, *agent, told.kind, told.cost);
    hold(now, slot, *agent, held_because::begun, {});
    return {};
}

result<void> carry_out(turn& now, const transfer& told) {
    core& site = now.site;
    const auto slot = find_ticket(site, told.ticket);
    if (!slot) return slot.error();
    ticket_record& ticket = site.tickets[*slot];
    const bool held = ticket.state == ticket_state::held;
    if (ticket.state == ticket_state::wrapping_up || ticket.state == ticket_state::snoozed) {
        return refuse_state("ticket_not_held", ticket);
    }
    if (told.queue.empty() && !told.agent) return refuse(errc::invalid, "no_destination", "name a queue or an agent");
    if (auto span = check_span(told.claim_for, "claim_for"); !span) return span;
    if (told.head_start) {
        if (auto checked = check_head_start(*told.head_start); !checked) return checked;
    }
    const auto to = destination_of(site, ticket, told);
    if (!to) return to.error();

    if (told.head_start) reorder(site, *slot, [&](ticket_record& moved) { moved.head_start = *told.head_start; });
    if (!told.queue.empty()) ticket.asked = queue_number(site, told.queue);
    const plan_no plan = told.keep_requirements ? ticket.plan : plan_book::open_plan;
    const beginning how{queued_because::transferred, {to->agent, told.claim_for}};
    if (!held) {
        wait_elsewhere(now, *slot, to->queue, plan, "transferred", how);
        return {};
    }
    now.say<ticket_released>(ticket.id, site.agents[ticket.holder].id);
    release_holder(now, *slot);
    leave_clock(site, *slot);
    pause_targets(site, ticket);
    belong_to(site, ticket, to->queue);
    ticket.plan = plan;
    ticket.enqueued_at = site.now;
    resume_targets(site, ticket);
    begin_waiting(now, *slot, how);
    return {};
}

result<void> carry_out(turn& now, const replan& told) {
    core& site = now.site;
    const auto slot = find_waiting(site, told.ticket);
    if (!slot) return slot.error();
    const auto known = check_plan(site, told.plan);
    if (!known) return known.error();
    const ticket_record& ticket = site.tickets[*slot];
    const bool same_queue = site.queue_names.name(ticket.asked) == told.plan.queue;
    const auto queue = same_queue ? result<queue_no>(ticket.queue) : admit(site, told.plan.queue, ticket.queue);
    if (!queue) return queue.error();
    const plan_no plan = *known != no_number ? *known : site.plans.intern(told.plan.steps);
    change_head_start(now, *slot, told.plan.head_start);
    move_target_lengths(site, *slot, told.plan);
    site.tickets[*slot].asked = queue_number(site, told.plan.queue);
    if (*queue == ticket.queue && plan == ticket.plan) return {};
    wait_elsewhere(now, *slot, *queue, plan, "replanned", {queued_because::replanned, {}});
    return {};
}

result<void> carry_out(turn& now, const set_priority& told) {
    const auto slot = find_waiting(now.site, told.ticket);
    if (!slot) return slot.error();
    if (auto checked = check_head_start(told.head_start); !checked) return checked;
    change_head_start(now, *slot, told.head_start);
    return {};
}

result<void> carry_out(turn& now, const also_offer& told) {
    core& site = now.site;
    const auto slot = find_waiting(site, told.ticket);
    if (!slot) return slot.error();
    const auto queue = site.queue_names.find(told.queue);
    if (!queue || !site.queues[*queue].configured) {
        return refuse(errc::not_found, "unknown_queue", "there is no queue \"" + told.queue + "\"");
    }
    ticket_record& ticket = site.tickets[*slot];
    if (*queue == ticket.queue || *queue == ticket.lent_to) return {};
    unplace(site, *slot);
    ticket.lent_to = *queue;
    place(site, *slot);
    mark_ticket(site, *slot);
    now.say<ticket_also_offered>(ticket.id, told.queue);
    return {};
}

result<void> carry_out(turn& now, const call_back& told) {
    const auto slot = find_waiting(now.site, told.ticket);
    if (!slot) return slot.error();
    ticket_record& ticket = now.site.tickets[*slot];
    if (ticket.callback) return refuse_state("already_callback", ticket);
    ticket.callback = true;
    now.say<callback_requested>(ticket.id, now.site.queue_names.name(ticket.queue));
    return {};
}

result<void> carry_out(turn& now, const close_ticket& told) {
    core& site = now.site;
    const auto slot = find_ticket(site, told.ticket);
    if (!slot) return slot.error();
    const ticket_record& ticket = site.tickets[*slot];
    if (ticket.state == ticket_state::wrapping_up) return refuse_state("ticket_in_wrap_up", ticket);
    if (told.disposition.size() > longest_name)
        return refuse(errc::invalid, "invalid_disposition", "at most 200 bytes");
    agent_id holder;
    if (ticket.state == ticket_state::held) {
        holder = site.agents[ticket.holder].id;
        release_holder(now, *slot);
    } else if (ticket.state != ticket_state::snoozed) {
        revoke_offers_of_ticket(now, *slot, "closed");
        leave_waiting(now, *slot);
    }
    now.say<ticket_resolved>(ticket.id, holder, told.disposition);
    drop_ticket(site, *slot);
    return {};
}

result<void> carry_out(turn& now, const abandon& told) {
    core& site = now.site;
    const auto slot = find_ticket(site, told.ticket);
    if (!slot) return slot.error();
    const ticket_record& ticket = site.tickets[*slot];
    if (ticket.state == ticket_state::wrapping_up) return refuse_state("ticket_not_waiting", ticket);
    if (ticket.state == ticket_state::held) {
        finish(now, *slot, "abandoned");
        return {};
    }
    if (ticket.state != ticket_state::snoozed) {
        revoke_offers_of_ticket(now, *slot, "abandoned");
        leave_waiting(now, *slot);
        note_wait(site.queues[ticket.queue], site.now - ticket.enqueued_at, true);
    }
    now.say<ticket_abandoned>(ticket.id, site.queue_names.name(ticket.queue), site.now - ticket.enqueued_at);
    drop_ticket(site, *slot);
    return {};
}

result<void> carry_out(turn& now, const remove_ticket& told) {
    core& site = now.site;
    const auto slot = find_ticket(site, told.ticket);
    if (!slot) return slot.error();
    const ticket_record& ticket = site.tickets[*slot];
    if (ticket.holder != none) {
        release_holder(now, *slot);
    } else if (ticket.state != ticket_state::snoozed) {
        revoke_offers_of_ticket(now, *slot, "removed");
        leave_waiting(now, *slot);
    }
    now.say<ticket_removed>(told.ticket);
    drop_ticket(site, *slot);
    return {};
}

}  // namespace kindred::dispatch
