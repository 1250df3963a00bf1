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

served_group served_by(const agent_record& agent, const group_key& key, group_no group) {
    const membership* member = membership_in(agent, key.queue);
    if (member == nullptr && key.lent_to != none) member = membership_in(agent, key.lent_to);
    return {member != nullptr ? member->rank : 0, key.queue, group, key.claim == claim_kind::direct};
}

void insert_served(core& site, agent_record& agent, group_no group) {
    const served_group made = served_by(agent, site.groups[group].key, group);
    agent.served.insert(std::lower_bound(agent.served.begin(), agent.served.end(), made), made);
}

}  // namespace

const membership* membership_in(const agent_record& agent, queue_no queue) {
    for (const membership& each : agent.queues) {
        if (each.queue == queue) return &each;
    }
    return nullptr;
}

bool is_reached(const agent_record& agent, queue_no queue, queue_no lent_to) {
    return membership_in(agent, queue) != nullptr || (lent_to != none && membership_in(agent, lent_to) != nullptr);
}

bool works_on(const agent_record& agent, channel_kind kind) { return (agent.kinds & bit_of(kind)) != 0; }

bool has_room(const agent_record& agent, std::uint32_t cost) {
    return std::uint64_t{agent.used} + cost <= agent.capacity;
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

void use_units(core& site, slot_no agent, std::uint32_t cost) {
    site.agents[agent].used += cost;
    refresh_zone(site, agent);
}

void free_units(core& site, slot_no agent, std::uint32_t cost) {
    site.agents[agent].used -= cost;
    if (site.agents[agent].state == presence::available) mark_agent(site, agent);
}

void refresh_zone(core& site, slot_no slot) {
    const agent_record& agent = site.agents[slot];
    if (agent.state != presence::available) return move_to(site, slot, zone::absent);
    move_to(site, slot, agent.used < agent.capacity ? zone::ready : zone::busy);
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
    agent.served.clear();
    for (const membership& each : agent.queues) {
        for (const group_no group : site.queues[each.queue].groups) {
            const group_key& key = site.groups[group].key;
            if (key.claim == claim_kind::none && may_serve(site, agent, key)) {
                agent.served.push_back(served_by(agent, key, group));
            }
        }
        for (const group_no group : site.queues[each.queue].lent_groups) {
            const group_key& key = site.groups[group].key;
            // Members of the lending queue have it from there.
            if (membership_in(agent, key.queue) == nullptr && may_serve(site, agent, key)) {
                agent.served.push_back(served_by(agent, key, group));
            }
        }
    }
    for (const group_no group : agent.claims) agent.served.push_back(served_by(agent, site.groups[group].key, group));
    std::sort(agent.served.begin(), agent.served.end());
}

void announce_group(core& site, group_no group) {
    const group_key& key = site.groups[group].key;
    if (key.claim != claim_kind::none) {
        agent_record& agent = site.agents[key.claimed_for];
        agent.claims.push_back(group);
        return insert_served(site, agent, group);
    }
    for (const slot_no member : site.queues[key.queue].members) {
        if (may_serve(site, site.agents[member], key)) insert_served(site, site.agents[member], group);
    }
    if (key.lent_to == none) return;
    for (const slot_no member : site.queues[key.lent_to].members) {
        agent_record& agent = site.agents[member];
        const bool has_it_already = membership_in(agent, key.queue) != nullptr;
        if (!has_it_already && may_serve(site, agent, key)) insert_served(site, agent, group);
    }
}

void withdraw_claim(core& site, group_no group) {
    agent_record& agent = site.agents[site.groups[group].key.claimed_for];
    std::erase(agent.claims, group);
    std::erase_if(agent.served, [&](const served_group& each) { return each.group == group; });
}

}  // namespace kindred::dispatch
