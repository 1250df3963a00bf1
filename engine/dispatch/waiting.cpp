#include "engine/dispatch/waiting.hpp"

#include "engine/dispatch/queue_clock.hpp"
#include "engine/dispatch/roster.hpp"

#include <algorithm>

namespace kindred::dispatch {

namespace {

group_key group_key_of(const core& site, const ticket_record& ticket) {
    // A direct claim is for its agent whatever the step demands.
    const bool direct = ticket.claim == claim_kind::direct;
    const signature_no demands = direct ? 0 : site.plans.steps(ticket.plan)[ticket.step].demands;
    const queue_no lent_to = ticket.claim == claim_kind::none ? ticket.lent_to : none;
    return {ticket.queue, demands, ticket.cost, ticket.kind, ticket.claim, ticket.claimed_for, lent_to};
}

group_no group_of(core& site, const group_key& key) {
    const auto known = site.group_numbers.find(key);
    if (known != site.group_numbers.end()) return known->second;
    group_no number = 0;
    if (site.free_groups.empty()) {
        number = static_cast<group_no>(site.groups.size());
        site.groups.emplace_back();
        site.heads.emplace_back();
    } else {
        number = site.free_groups.back();
        site.free_groups.pop_back();
    }
    site.groups[number].key = key;
    site.heads[number] = {};
    site.heads[number].cost = key.cost & 0xFF'FFFFU;
    site.heads[number].kind = static_cast<std::uint8_t>(kind_index(key.kind));
    site.group_numbers.emplace(key, number);
    site.queues[key.queue].groups.push_back(number);
    if (key.lent_to != none) site.queues[key.lent_to].lent_groups.push_back(number);
    announce_group(site, number);
    return number;
}

void refresh_head(core& site, group_no group) {
    const auto& heap = site.groups[group].heap;
    group_head& head = site.heads[group];
    if (heap.empty()) {
        head.key = {};
        head.ticket = none;
    } else {
        head.key = heap.top().key;
        head.ticket = heap.top().slot;
    }
}

void forget_group(core& site, group_no group) {
    const group_key& key = site.groups[group].key;
    std::erase(site.queues[key.queue].groups, group);
    if (key.lent_to != none) std::erase(site.queues[key.lent_to].lent_groups, group);
    site.group_numbers.erase(site.groups[group].key);
    site.groups[group] = {};
    site.free_groups.push_back(group);
}

}  // namespace

bool wants_offers(const core& site, const ticket_record& ticket) {
    if (ticket.state != ticket_state::waiting && ticket.state != ticket_state::offered) return false;
    return ticket.offers < (ticket.claim == claim_kind::none ? site.queues[ticket.queue].settings.offer.to : 1);
}

void place(core& site, slot_no slot) {
    ticket_record& ticket = site.tickets[slot];
    if (ticket.group != none || !wants_offers(site, ticket)) return;
    ticket.group = group_of(site, group_key_of(site, ticket));
    site.groups[ticket.group].heap.push(key_of(site, ticket), slot, site.places[in_group]);
    refresh_head(site, ticket.group);
}

void unplace(core& site, slot_no slot) {
    ticket_record& ticket = site.tickets[slot];
    if (ticket.group == none) return;
    const group_no group = std::exchange(ticket.group, none);
    site.groups[group].heap.erase(slot, site.places[in_group]);
    refresh_head(site, group);
    // Claimed groups come and go with their tickets; there could be as many as customers times agents.
    if (site.groups[group].key.claim != claim_kind::none && site.groups[group].heap.empty()) {
        withdraw_claim(site, group);
        forget_group(site, group);
    }
}

void reorder(core& site, slot_no slot) {
    const ticket_record& ticket = site.tickets[slot];
    if (ticket.group == none) return;
    site.groups[ticket.group].heap.change(slot, key_of(site, ticket), site.places[in_group]);
    refresh_head(site, ticket.group);
}

void reorder_queue(core& site, queue_no queue) {
    for (const group_no group : site.queues[queue].groups) {
        site.groups[group].heap.rebuild([&](slot_no slot) { return key_of(site, site.tickets[slot]); },
                                        site.places[in_group]);
        refresh_head(site, group);
    }
}

void drop_empty_groups(core& site) {
    std::vector<bool> dropped(site.groups.size(), false);
    for (const auto& [key, group] : site.group_numbers) dropped[group] = site.groups[group].heap.empty();
    site.agent_slots.for_each([&](std::uint64_t, slot_no agent) {
        std::erase_if(site.agents[agent].served, [&](const served_group& each) { return dropped[each.group]; });
    });
    for (group_no group = 0; group < dropped.size(); ++group) {
        if (dropped[group]) forget_group(site, group);
    }
}

order_key key_of(const core& site, const ticket_record& ticket) {
    const std::int64_t aged = to_millis(ticket.enqueued_at) - ticket.head_start.count();
    switch (site.queues[ticket.queue].settings.order) {
        case serving_order::aged: return {aged, aged, ticket.id.value};
        case serving_order::strict: return {-ticket.head_start.count(), aged, ticket.id.value};
        case serving_order::deadline: return {nearest_target(ticket.targets), aged, ticket.id.value};
    }
    return {};
}

void join_line(core& site, slot_no slot) {
    const ticket_record& ticket = site.tickets[slot];
    site.queues[ticket.queue].line.push({ticket.enqueued_at, ticket.id.value}, slot, site.places[in_line]);
}

void leave_line(core& site, slot_no slot) {
    site.queues[site.tickets[slot].queue].line.erase(slot, site.places[in_line]);
}

std::uint32_t waiting_in(const queue_record& queue) { return static_cast<std::uint32_t>(queue.line.size()); }

}  // namespace kindred::dispatch
