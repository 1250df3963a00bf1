#include "engine/dispatch/roster.hpp"

#include <algorithm>

namespace kindred::dispatch {

namespace {

void swap_members(core& site, queue_no number, std::uint32_t one, std::uint32_t other) {
    if (one == other) return;
    auto& members = site.queues[number].members;
    std::swap(members[one], members[other]);
    for (const std::uint32_t position : {one, other}) {
        for (membership& each : site.agents[members[position]].queues) {
            if (each.queue == number) each.position = position;
        }
    }
}

/// Moves a member over the borders between zones, one at a time.
void move_member(core& site, queue_no number, const membership& member, zone from, zone to) {
    queue_record& queue = site.queues[number];
    if (from == zone::ready && to != zone::ready) {
        swap_members(site, number, member.position, --queue.ready);
        from = zone::busy;
    }
    if (from == zone::busy && to == zone::absent) swap_members(site, number, member.position, --queue.available);
    if (from == zone::absent && to != zone::absent) {
        swap_members(site, number, member.position, queue.available++);
        from = zone::busy;
    }
    if (from == zone::busy && to == zone::ready) swap_members(site, number, member.position, queue.ready++);
}

void move_to(core& site, slot_no slot, zone to) {
    agent_record& agent = site.agents[slot];
    if (agent.where == to) return;
    for (const membership& each : agent.queues) move_member(site, each.queue, each, agent.where, to);
    agent.where = to;
}

bool may_serve(const core& site, const agent_record& agent, const group_key& group) {
    return works_on(agent, group.kind) && meets(site, agent, group.demands);
}

/// The membership by which the agent is reached, the queue's own first.
const membership* way_to(const core& site, const agent_record& agent, queue_no queue, queue_no lent_to) {
    const membership* member = membership_in(agent, queue);
    if (member == nullptr && lent_to != none) member = membership_in(agent, lent_to);
    for (const queue_no lender : site.queues[queue].lenders) {
        if (member != nullptr) break;
        member = membership_in(agent, lender);
    }
    return member;
}

served_group served_by(const core& site, const agent_record& agent, const group_key& key, group_no group) {
    const membership* member = way_to(site, agent, key.queue, key.lent_to);
    return {member != nullptr ? member->rank : 0, key.queue, group};
}

void insert_served(core& site, agent_record& agent, group_no group) {
    agent.served.insert(served_by(site, agent, site.groups[group].key, group));
}

void add_served_of(const core& site, const agent_record& agent, const std::vector<group_no>& groups,
                   std::vector<served_group>& served) {
    for (const group_no group : groups) {
        const group_key& key = site.groups[group].key;
        if (key.claim == claim_kind::none && may_serve(site, agent, key))
            served.push_back(served_by(site, agent, key, group));
    }
}

/// By name: numbers depend on which names were heard first, and what happens must not.
void insert_in(const core& site, std::vector<queue_no>& queues, queue_no queue) {
    const auto before = [&](queue_no a, queue_no b) { return site.queue_names.name(a) < site.queue_names.name(b); };
    queues.insert(std::lower_bound(queues.begin(), queues.end(), queue, before), queue);
}

std::uint32_t units_interrupted_by(const core& site, const agent_record& agent, std::size_t kind) {
    std::uint32_t units = 0;
    for (const channel_kind other : all_channel_kinds) {
        if ((site.interrupts[kind] & bit_of(other)) != 0) units += agent.used_by_kind[kind_index(other)];
    }
    return units;
}

}  // namespace

const membership* membership_in(const agent_record& agent, queue_no queue) {
    for (const membership& each : agent.queues) {
        if (each.queue == queue) return &each;
    }
    return nullptr;
}

bool is_reached(const core& site, const agent_record& agent, queue_no queue, queue_no lent_to) {
    return way_to(site, agent, queue, lent_to) != nullptr;
}

bool works_on(const agent_record& agent, channel_kind kind) { return (agent.kinds & bit_of(kind)) != 0; }

bool has_room(const core& site, const agent_record& agent, channel_kind kind, std::uint32_t cost) {
    std::uint32_t used = agent.used;
    if (site.has_kind_rules) used -= units_interrupted_by(site, agent, kind_index(kind));
    return std::uint64_t{used} + cost <= agent.capacity;
}

std::optional<channel_kind> paused_by(const core& site, const agent_record& agent, channel_kind kind) {
    if (!site.has_kind_rules) return std::nullopt;
    for (const channel_kind other : all_channel_kinds) {
        const std::size_t at = kind_index(other);
        if (agent.held_by_kind[at] > 0 && (site.pauses[at] & bit_of(kind)) != 0) return other;
    }
    return std::nullopt;
}

std::array<std::uint32_t, channel_kinds> room_of(const core& site, const agent_record& agent) {
    std::array<std::uint32_t, channel_kinds> room{};
    room.fill(agent.used < agent.capacity ? agent.capacity - agent.used : 0);
    if (!site.has_kind_rules) return room;
    for (const channel_kind kind : all_channel_kinds) {
        const std::size_t at = kind_index(kind);
        const std::uint32_t used = agent.used - units_interrupted_by(site, agent, at);
        room[at] = used < agent.capacity && !paused_by(site, agent, kind) ? agent.capacity - used : 0;
    }
    return room;
}

bool has_any_room(const core& site, const agent_record& agent) {
    if (!site.has_kind_rules) return agent.used < agent.capacity;
    const auto room = room_of(site, agent);
    return std::any_of(room.begin(), room.end(), [](std::uint32_t units) { return units > 0; });
}

bool meets(const core& site, const agent_record& agent, signature_no demands) {
    for (const auto& [ability, level] : site.plans.demands(demands)) {
        if (ability >= agent.levels.size() || agent.levels[ability] < level) return false;
    }
    return true;
}

std::uint32_t skill_for(const core& site, const agent_record& agent, signature_no demands) {
    std::uint32_t sum = 0;
    for (const auto& [ability, level] : site.plans.demands(demands)) {
        if (ability < agent.levels.size()) sum += agent.levels[ability];
    }
    return sum;
}

void use_units(core& site, slot_no agent, channel_kind kind, std::uint32_t cost) {
    site.agents[agent].used += cost;
    site.agents[agent].used_by_kind[kind_index(kind)] += cost;
    refresh_zone(site, agent);
}

void free_units(core& site, slot_no agent, channel_kind kind, std::uint32_t cost) {
    site.agents[agent].used -= cost;
    site.agents[agent].used_by_kind[kind_index(kind)] -= cost;
    if (site.agents[agent].state == presence::available) mark_agent(site, agent);
}

void refresh_zone(core& site, slot_no slot) {
    const agent_record& agent = site.agents[slot];
    if (agent.state != presence::available) return move_to(site, slot, zone::absent);
    move_to(site, slot, has_any_room(site, agent) ? zone::ready : zone::busy);
}

void join_queues(core& site, slot_no slot, const std::vector<agent_queue>& queues) {
    agent_record& agent = site.agents[slot];
    for (const agent_queue& each : queues) {
        const queue_no number = queue_number(site, each.name);
        auto& members = site.queues[number].members;
        agent.queues.push_back({number, each.rank, static_cast<std::uint32_t>(members.size())});
        members.push_back(slot);
    }
    agent.where = zone::absent;
    refresh_zone(site, slot);
}

void leave_queues(core& site, slot_no slot) {
    move_to(site, slot, zone::absent);
    agent_record& agent = site.agents[slot];
    for (const membership& each : agent.queues) {
        auto& members = site.queues[each.queue].members;
        swap_members(site, each.queue, each.position, static_cast<std::uint32_t>(members.size() - 1));
        members.pop_back();
    }
    agent.queues.clear();
}

void rebuild_served(core& site, slot_no slot) {
    agent_record& agent = site.agents[slot];
    // An agent may be reached on several ways.
    std::vector<served_group> served;
    for (const membership& each : agent.queues) {
        add_served_of(site, agent, site.queues[each.queue].groups, served);
        add_served_of(site, agent, site.queues[each.queue].lent_groups, served);
        for (const queue_no borrower : site.queues[each.queue].borrowers)
            add_served_of(site, agent, site.queues[borrower].groups, served);
    }
    for (const group_no group : agent.claims) served.push_back(served_by(site, agent, site.groups[group].key, group));
    agent.served = served_groups(std::move(served));
}

void lend_agents(core& site, queue_no borrower, queue_no lender) {
    insert_in(site, site.queues[borrower].lenders, lender);
    insert_in(site, site.queues[lender].borrowers, borrower);
    for (const slot_no member : site.queues[lender].members) {
        rebuild_served(site, member);
        mark_agent(site, member);
    }
}

void take_agents_back(core& site, queue_no borrower, queue_no lender) {
    std::erase(site.queues[borrower].lenders, lender);
    std::erase(site.queues[lender].borrowers, borrower);
    for (const slot_no member : site.queues[lender].members) rebuild_served(site, member);
}

void announce_group(core& site, group_no group) {
    const group_key& key = site.groups[group].key;
    if (key.claim != claim_kind::none) {
        agent_record& agent = site.agents[key.claimed_for];
        agent.claims.push_back(group);
        return insert_served(site, agent, group);
    }
    const auto tell_members_of = [&](queue_no queue) {
        for (const slot_no member : site.queues[queue].members) {
            if (may_serve(site, site.agents[member], key)) insert_served(site, site.agents[member], group);
        }
    };
    tell_members_of(key.queue);
    if (key.lent_to != none) tell_members_of(key.lent_to);
    for (const queue_no lender : site.queues[key.queue].lenders) tell_members_of(lender);
}

void withdraw_claim(core& site, group_no group) {
    agent_record& agent = site.agents[site.groups[group].key.claimed_for];
    std::erase(agent.claims, group);
    agent.served.remove_if([&](group_no each) { return each == group; });
}

}  // namespace kindred::dispatch
