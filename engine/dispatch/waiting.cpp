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

group_age age_of(const group_head& head) {
    if (head.ticket == none || head.barred != 0) return never;
    return head.by_age != 0 ? head.key.aged : first_of_all;
}

void follow_queue(core& site, group_no group) {
    const group_key& key = site.groups[group].key;
    const queue_record& queue = site.queues[key.queue];
    group_head& head = site.heads[group];
    head.barred = !queue.open && key.claim != claim_kind::direct ? 1 : 0;
    head.by_age = queue.settings.order == serving_order::aged ? 1 : 0;
    site.ages[group] = age_of(head);
}

group_no group_of(core& site, const group_key& key) {
    const std::uint64_t hash = hash_of(key);
    const group_no known =
        site.group_numbers.find(hash, [&](group_no number) { return site.groups[number].key == key; });
    if (known != no_number) return known;
    group_no number = 0;
    if (site.free_groups.empty()) {
        number = static_cast<group_no>(site.groups.size());
        site.groups.emplace_back();
        site.heads.emplace_back();
        site.ages.emplace_back();
    } else {
        number = site.free_groups.back();
        site.free_groups.pop_back();
    }
    site.groups[number].key = key;
    group_head& head = site.heads[number];
    head = {};
    head.cost = key.cost & 0xF'FFFFU;
    head.kind = kind_index(key.kind) & 0xFU;
    follow_queue(site, number);
    site.group_numbers.insert(hash, number);
    site.queues[key.queue].groups.push_back(number);
    if (key.lent_to != none) site.queues[key.lent_to].lent_groups.push_back(number);
    announce_group(site, number);
    return number;
}

void refresh_head(core& site, group_no group) {
    const auto& line = site.groups[group].line;
    group_head& head = site.heads[group];
    if (line.empty()) {
        head.key = {};
        head.ticket = none;
    } else {
        head.key = line.front().key;
        head.ticket = line.front().slot;
    }
    site.ages[group] = age_of(head);
}

void forget_group(core& site, group_no group) {
    const group_key& key = site.groups[group].key;
    std::erase(site.queues[key.queue].groups, group);
    if (key.lent_to != none) std::erase(site.queues[key.lent_to].lent_groups, group);
    site.group_numbers.erase(hash_of(key), group);
    site.groups[group] = {};
    site.free_groups.push_back(group);
}

}  // namespace

bool wants_offers(const core& site, const ticket_record& ticket) {
    return waits(ticket) &&
           ticket.offers < (ticket.claim == claim_kind::none ? site.queues[ticket.queue].settings.offer.to : 1);
}

void place(core& site, slot_no slot) {
    ticket_record& ticket = site.tickets[slot];
    if (ticket.group != none || !wants_offers(site, ticket)) return;
    ticket.group = group_of(site, group_key_of(site, ticket));
    if (site.groups[ticket.group].line.insert(key_of(site, ticket), slot)) refresh_head(site, ticket.group);
}

void unplace(core& site, slot_no slot) {
    ticket_record& ticket = site.tickets[slot];
    if (ticket.group == none) return;
    const group_no group = std::exchange(ticket.group, none);
    if (site.groups[group].line.erase(key_of(site, ticket))) {
        refresh_head(site, group);
        // Whoever comes free next may have the new first: until then it can come from memory.
        if (site.heads[group].ticket != none) site.tickets.prefetch(site.heads[group].ticket);
    }
    // Claimed groups come and go with their tickets; there could be as many as customers times agents.
    if (site.groups[group].key.claim != claim_kind::none && site.groups[group].line.empty()) {
        withdraw_claim(site, group);
        forget_group(site, group);
    }
}

void reorder_queue(core& site, queue_no queue) {
    for (const group_no group : site.queues[queue].groups) {
        site.groups[group].line.rekey([&](slot_no slot) { return key_of(site, site.tickets[slot]); });
        refresh_head(site, group);
    }
    refresh_heads(site, queue);
}

void refresh_heads(core& site, queue_no queue) {
    for (const group_no group : site.queues[queue].groups) follow_queue(site, group);
}

void drop_empty_groups(core& site) {
    std::vector<bool> dropped(site.groups.size(), false);
    for (group_no group = 0; group < dropped.size(); ++group)
        dropped[group] = site.groups[group].key.queue != none && site.groups[group].line.empty();
    site.agent_slots.for_each([&](std::uint64_t, slot_no agent) {
        site.agents[agent].served.remove_if([&](group_no each) { return dropped[each]; });
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
    site.queues[ticket.queue].line.join(ticket.enqueued_at, slot, site.stays);
}

void leave_line(core& site, slot_no slot) { site.queues[site.tickets[slot].queue].line.leave(slot, site.stays); }

std::uint32_t waiting_in(const queue_record& queue) { return queue.line.size(); }

std::optional<time_point> longest_waiting_since(const core& site, queue_no queue) {
    return site.queues[queue].line.earliest(site.stays);
}

}  // namespace kindred::dispatch
