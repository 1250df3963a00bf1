#include "engine/dispatch/views.hpp"

#include "engine/dispatch/dispatcher.hpp"
#include "engine/dispatch/estimates.hpp"
#include "engine/dispatch/queue_clock.hpp"
#include "engine/dispatch/waiting.hpp"

#include <algorithm>

namespace kindred::dispatch {

namespace {

offer_view view_of(const core& site, const offer_record& offer) {
    return {offer.id, site.tickets[offer.ticket].id, site.agents[offer.agent].id, offer.made_at, offer.expires_at};
}

std::optional<duration> time_left(const ticket_record& ticket, target which, queue_time now) {
    const queue_time due = target_due(ticket.targets, which);
    if (due == never) return std::nullopt;
    return duration{due - now};
}

/// One that is configured, or that still has tickets.
std::optional<queue_no> known_queue(const core& site, std::string_view name) {
    const auto number = site.queue_names.find(name);
    if (!number || (!site.queues[*number].configured && waiting_in(site.queues[*number]) == 0)) return std::nullopt;
    return *number;
}

bool by_number(const offer_view& a, const offer_view& b) { return a.offer < b.offer; }

}  // namespace

std::string_view name_of(ticket_state state) {
    switch (state) {
        case ticket_state::waiting: return "waiting";
        case ticket_state::offered: return "offered";
        case ticket_state::held: return "held";
        case ticket_state::snoozed: return "snoozed";
        case ticket_state::wrapping_up: return "wrapping_up";
    }
    return {};
}

std::optional<queue_door> dispatcher::door(std::string_view name) const {
    const auto number = known_queue(*core_, name);
    if (!number) return std::nullopt;
    const queue_record& queue = core_->queues[*number];
    return queue_door{queue.open, !queue.calendar_open && queue.holiday, queue.notice};
}

std::optional<queue_figures> dispatcher::queue(std::string_view name, time_point now) const {
    const core& site = *core_;
    const auto number = known_queue(site, name);
    if (!number) return std::nullopt;
    const queue_record& queue = site.queues[*number];
    const duration longest = now - longest_waiting_since(site, *number).value_or(now);
    queue_figures figures;
    figures.open = queue.open;
    figures.waiting = waiting_in(queue);
    figures.longest_wait = std::max(duration{0}, longest);
    figures.agents_present = queue.available;
    figures.agents_ready = queue.ready;
    figures.estimated_wait = estimate_for_new(site, *number);
    figures.holiday = !queue.calendar_open && queue.holiday;
    figures.closed_until = queue.closed_until;
    figures.notice = queue.notice;
    figures.notice_until = queue.notice_until;
    figures.mean_handling = queue.mean_handling;
    for (const queue_no lender : queue.lenders) figures.borrows_from.push_back(site.queue_names.name(lender));
    return figures;
}

std::optional<agent_figures> dispatcher::agent(agent_id id) const {
    const slot_no slot = core_->agent_slots.find(id.value);
    if (slot == none) return std::nullopt;
    const agent_record& agent = core_->agents[slot];
    return agent_figures{agent.state,  agent.reason, agent.since,       agent.capacity,  agent.used,
                         agent.offers, agent.held,   agent.wrapping_up, agent.idle_since};
}

std::optional<ticket_view> dispatcher::ticket(ticket_id id, time_point now) const {
    const core& site = *core_;
    const slot_no slot = site.ticket_slots.find(id.value);
    if (slot == none) return std::nullopt;
    const ticket_record& ticket = site.tickets[slot];
    const queue_record& queue = site.queues[ticket.queue];
    ticket_view view;
    view.ticket = id;
    view.state = ticket.state;
    view.queue = queue.settings.name;
    view.kind = ticket.kind;
    view.cost = ticket.cost;
    view.step = ticket.step;
    view.steps = static_cast<std::uint32_t>(site.plans.steps(ticket.plan).size());
    view.head_start = ticket.head_start;
    view.enqueued_at = ticket.enqueued_at;
    if (ticket.holder != none) view.holder = site.agents[ticket.holder].id;
    if (ticket.claim != claim_kind::none) view.claimed_for = site.agents[ticket.claimed_for].id;
    if (ticket.lent_to != none) view.also_offered = site.queue_names.name(ticket.lent_to);
    view.over_capacity = ticket.over_capacity;
    view.callback = ticket.callback;
    if (ticket.consulted != none) view.consulted = site.agents[ticket.consulted].id;
    if (ticket.state == ticket_state::wrapping_up || ticket.state == ticket_state::snoozed) view.until = ticket.until;
    const queue_time at = clock_of(queue, now);
    view.first_response_left = time_left(ticket, target::first_response, at);
    view.next_response_left = time_left(ticket, target::next_response, at);
    view.resolution_left = time_left(ticket, target::resolution, at);
    for (slot_no each = ticket.first_offer; each != none; each = site.offers[each].next_of_ticket) {
        view.offers.push_back(view_of(site, site.offers[each]));
    }
    std::sort(view.offers.begin(), view.offers.end(), by_number);
    return view;
}

std::optional<due_target> dispatcher::due(ticket_id id, time_point now) const {
    const core& site = *core_;
    const slot_no slot = site.ticket_slots.find(id.value);
    if (slot == none || !site.tickets[slot].promised) return std::nullopt;
    const ticket_record& ticket = site.tickets[slot];
    const queue_record& queue = site.queues[ticket.queue];
    const queue_time nearest = nearest_target(ticket.targets);
    if (nearest == never) return std::nullopt;
    due_target found;
    for (const target which : {target::resolution, target::next_response, target::first_response})
        if (target_due(ticket.targets, which) == nearest) found.which = which;
    found.left = duration{nearest - clock_of(queue, now)};
    if (queue.open) found.at = now + found.left;
    return found;
}

std::optional<duration> dispatcher::head_start(ticket_id id) const {
    const slot_no slot = core_->ticket_slots.find(id.value);
    if (slot == none) return std::nullopt;
    return core_->tickets[slot].head_start;
}

std::optional<offer_view> dispatcher::offer(offer_id id) const {
    const slot_no slot = core_->offer_slots.find(id.value);
    if (slot == none) return std::nullopt;
    return view_of(*core_, core_->offers[slot]);
}

std::vector<std::string> dispatcher::queue_names() const {
    std::vector<std::string> names;
    for (const queue_record& queue : core_->queues) {
        if (queue.configured || waiting_in(queue) > 0) names.push_back(queue.settings.name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<agent_id> dispatcher::agents() const {
    std::vector<agent_id> ids;
    core_->agent_slots.for_each([&](std::uint64_t id, slot_no) { ids.push_back(agent_id{id}); });
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::vector<ticket_id> dispatcher::tickets_of(agent_id id) const {
    std::vector<ticket_id> ids;
    const slot_no agent = core_->agent_slots.find(id.value);
    if (agent == none) return ids;
    for (const slot_no each : core_->agents[agent].holds) ids.push_back(core_->tickets[each].id);
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::vector<ticket_id> dispatcher::consults_of(agent_id id) const {
    std::vector<ticket_id> ids;
    const slot_no agent = core_->agent_slots.find(id.value);
    if (agent == none) return ids;
    for (const slot_no each : core_->agents[agent].consults) ids.push_back(core_->tickets[each].id);
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::vector<offer_view> dispatcher::offers_of(agent_id id) const {
    std::vector<offer_view> views;
    const slot_no agent = core_->agent_slots.find(id.value);
    if (agent == none) return views;
    for (slot_no each = core_->agents[agent].first_offer; each != none; each = core_->offers[each].next_of_agent) {
        views.push_back(view_of(*core_, core_->offers[each]));
    }
    std::sort(views.begin(), views.end(), by_number);
    return views;
}

std::size_t dispatcher::open_tickets() const { return core_->ticket_slots.size(); }

std::uint32_t dispatcher::position_of(ticket_id id, std::uint32_t most) const {
    const core& site = *core_;
    const slot_no slot = site.ticket_slots.find(id.value);
    if (slot == none) return 0;
    const ticket_record& ticket = site.tickets[slot];
    if (!waits(ticket)) return 0;
    const order_key key = key_of(site, ticket);
    std::size_t before = 0;
    for (const group_no group : site.queues[ticket.queue].groups) {
        before += site.groups[group].line.count_before(key, most - std::min<std::size_t>(before, most));
        if (before >= most) return most;
    }
    return static_cast<std::uint32_t>(before) + 1;
}

}  // namespace kindred::dispatch
