#include "engine/dispatch/refusal.hpp"

#include "engine/dispatch/limits.hpp"
#include "engine/dispatch/waiting.hpp"

namespace kindred::dispatch {

namespace {

result<void> check_target(const std::optional<duration>& span, std::string_view field) {
    return span ? check_span(*span, field) : result<void>{};
}

bool is_full(const queue_record& queue) {
    return queue.settings.limit != 0 && waiting_in(queue) >= queue.settings.limit;
}

}  // namespace

error out_of_range(std::string_view name, std::string_view field, std::string_view demand) {
    return refuse(errc::invalid, name, std::string(field) + ' ' + std::string(demand));
}

error refuse(errc code, std::string_view name, std::string_view detail) {
    return fail(code, std::string(name) + ": " + std::string(detail));
}

error refuse_state(std::string_view name, const ticket_record& ticket) {
    return refuse(errc::conflict, name, "ticket " + to_string(ticket.id) + " is " + std::string(name_of(ticket.state)));
}

result<slot_no> find_ticket(const core& site, ticket_id id) {
    const slot_no slot = site.ticket_slots.find(id.value);
    if (slot == none) return refuse(errc::not_found, "unknown_ticket", "no open ticket has number " + to_string(id));
    site.tickets.prefetch(slot);
    return slot;
}

result<slot_no> find_agent(const core& site, agent_id id) {
    const slot_no slot = site.agent_slots.find(id.value);
    if (slot == none) return refuse(errc::not_found, "unknown_agent", "no agent has number " + to_string(id));
    return slot;
}

result<slot_no> find_offer(const core& site, offer_id id, agent_id agent) {
    const slot_no slot = site.offer_slots.find(id.value);
    if (slot == none) return refuse(errc::not_found, "unknown_offer", "offer " + to_string(id) + " is not open");
    if (site.agents[site.offers[slot].agent].id != agent) {
        return refuse(errc::forbidden, "not_your_offer", "offer " + to_string(id) + " was made to another agent");
    }
    return slot;
}

result<queue_no> find_queue(const core& site, std::string_view name) {
    const auto number = site.queue_names.find(name);
    if (number && (site.queues[*number].configured || waiting_in(site.queues[*number]) > 0)) return *number;
    return refuse(errc::not_found, "unknown_queue", "there is no queue \"" + std::string(name) + "\"");
}

result<slot_no> find_waiting(const core& site, ticket_id id) {
    auto slot = find_ticket(site, id);
    if (!slot) return slot;
    const ticket_record& ticket = site.tickets[*slot];
    if (waits(ticket)) return slot;
    return refuse_state("ticket_not_waiting", ticket);
}

result<slot_no> find_held(const core& site, ticket_id id) {
    auto slot = find_ticket(site, id);
    if (!slot || site.tickets[*slot].state == ticket_state::held) return slot;
    return refuse_state("ticket_not_held", site.tickets[*slot]);
}

result<slot_no> find_in_wrap_up(const core& site, ticket_id id) {
    auto slot = find_ticket(site, id);
    if (!slot || site.tickets[*slot].state == ticket_state::wrapping_up) return slot;
    return refuse_state("ticket_not_in_wrap_up", site.tickets[*slot]);
}

result<void> check_head_start(duration head_start) {
    return check_span(head_start < duration{0} ? -head_start : head_start, "head_start");
}

result<plan_no> check_plan(const core& site, const ticket_plan& plan) {
    if (auto span = check_head_start(plan.head_start); !span) return span.error();
    if (auto span = check_target(plan.first_response, "first_response"); !span) return span.error();
    if (auto span = check_target(plan.next_response, "next_response"); !span) return span.error();
    if (auto span = check_target(plan.resolution, "resolution"); !span) return span.error();
    const plan_no known = site.plans.find(plan.steps);
    if (known != no_number) return known;
    if (auto steps = plan_book::check(plan.steps); !steps) return steps.error();
    return no_number;
}

result<plan_no> check_new_ticket(const core& site, ticket_id id, std::uint32_t cost, const ticket_plan& plan) {
    if (!id) return refuse(errc::invalid, "invalid_ticket", "0 is no ticket number");
    if (cost < 1 || cost > most_units) return refuse(errc::invalid, "invalid_cost", "must be from 1 to 100000 units");
    const slot_no known = site.ticket_slots.find(id.value);
    if (known != none) return refuse_state("ticket_open", site.tickets[known]);
    return check_plan(site, plan);
}

closed_policy policy_while_closed(const queue_record& queue) {
    const queue_settings& set = queue.settings;
    // A supervisor's closure is as any other, on a holiday too.
    const bool holiday = queue.holiday && !queue.calendar_open;
    closed_policy policy{holiday ? set.when_holiday.value_or(set.when_closed) : set.when_closed, set.closed_overflow};
    if (holiday && !set.holiday_overflow.empty()) policy.overflow = set.holiday_overflow;
    if (policy.overflow.empty()) policy.overflow = set.overflow;
    return policy;
}

result<queue_no> admit(const core& site, std::string_view name, queue_no waits_in) {
    const queue_record* full = nullptr;
    const queue_record* closed = nullptr;
    // A full queue and a closed one may lead to different others; more hops than queues are a circle all the same.
    for (std::size_t hops = 0; hops <= site.queues.size(); ++hops) {
        const auto number = site.queue_names.find(name);
        if (!number || !site.queues[*number].configured) {
            return refuse(errc::not_found, "unknown_queue", "there is no queue \"" + std::string(name) + "\"");
        }
        const queue_record& queue = site.queues[*number];
        if (*number == waits_in) return *number;
        const closed_policy policy = policy_while_closed(queue);
        const bool refuses = !queue.open && policy.handling == closed_handling::refuse;
        const bool sends_on = !queue.open && policy.handling == closed_handling::overflow;
        if (!refuses && !sends_on && !is_full(queue)) return *number;
        (refuses || sends_on ? closed : full) = &queue;
        name = sends_on ? policy.overflow : queue.settings.overflow;
        if (refuses || name.empty()) break;
    }
    if (full != nullptr) {
        return refuse(errc::overloaded, "queue_full",
                      "queue \"" + full->settings.name + "\" has its limit of " + std::to_string(full->settings.limit));
    }
    return refuse(errc::unavailable, "closed_queue", "queue \"" + closed->settings.name + "\" is closed");
}

}  // namespace kindred::dispatch
