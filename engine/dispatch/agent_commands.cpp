#include "engine/dispatch/carry_out.hpp"
#include "engine/dispatch/consulting.hpp"
#include "engine/dispatch/lifecycle.hpp"
#include "engine/dispatch/limits.hpp"
#include "engine/dispatch/offers.hpp"
#include "engine/dispatch/refusal.hpp"
#include "engine/dispatch/roster.hpp"

#include <set>

namespace kindred::dispatch {

namespace {

result<void> check_agent(const upsert_agent& told) {
    if (!told.agent) return refuse(errc::invalid, "invalid_agent", "0 is no agent number");
    if (told.capacity < 1 || told.capacity > most_units) {
        return refuse(errc::invalid, "invalid_capacity", "must be from 1 to 100000 units");
    }
    if (told.queues.size() > most_queues_of_agent) return refuse(errc::invalid, "too_many_queues", "at most 1000");
    std::set<std::string_view> names;
    for (const agent_queue& queue : told.queues) {
        if (auto named = check_name(queue.name, "queues"); !named) return named;
        if (!names.insert(queue.name).second) {
            return refuse(errc::invalid, "duplicate_queue", "queue \"" + queue.name + "\" is named twice");
        }
    }
    for (const requirement& ability : told.abilities) {
        if (auto named = check_name(ability.name, "abilities"); !named) return named;
        if (ability.level < 1 || ability.level > highest_level) {
            return refuse(errc::invalid, "invalid_level", ability.name + " must be from 1 to 10");
        }
    }
    return {};
}

void learn(core& site, agent_record& agent, const std::vector<requirement>& abilities) {
    agent.levels.clear();
    for (const requirement& each : abilities) {
        const ability_no ability = site.plans.ability(each.kind, each.name);
        if (ability >= agent.levels.size()) agent.levels.resize(ability + 1, 0);
        agent.levels[ability] = each.level;
    }
}

std::uint8_t bits_of(const std::vector<channel_kind>& kinds) {
    std::uint8_t bits = 0;
    for (const channel_kind kind :
         kinds.empty() ? std::vector(all_channel_kinds.begin(), all_channel_kinds.end()) : kinds) {
        bits |= bit_of(kind);
    }
    return bits;
}

void forget_declines_of(core& site, slot_no agent) {
    if (site.agents[agent].declined == 0) return;
    site.ticket_slots.for_each([&](std::uint64_t, slot_no ticket) {
        forget_declines_where(site, ticket, [&](const live_decline& each) { return each.agent == agent; });
        rearm_ticket(site, ticket);
    });
}

}  // namespace

void change_presence(turn& now, slot_no slot, presence state, std::string_view reason) {
    core& site = now.site;
    agent_record& agent = site.agents[slot];
    if (agent.state == state && agent.reason == reason) return;
    const bool arrives = state == presence::available;
    agent.state = state;
    agent.reason = reason;
    agent.since = site.now;
    agent.returns_at.reset();
    // Who comes back from lunch has not been idle for the longest time.
    if (arrives) agent.idle_since = site.now;
    site.due.set(timer_owner::agent, slot, agent.id.value, std::nullopt);
    refresh_zone(site, slot);
    now.say<agent_changed>(agent.id, state, agent.reason);
    if (arrives) return mark_agent(site, slot);
    revoke_offers_of_agent(now, slot, "agent_" + std::string(name_of(state)));
    end_claims_of_agent(now, slot);
    if (state == presence::offline) end_consultations_of_agent(now, slot, "agent_offline");
}

result<void> carry_out(turn& now, const upsert_agent& told) {
    if (auto checked = check_agent(told); !checked) return checked;
    core& site = now.site;
    slot_no slot = site.agent_slots.find(told.agent.value);
    if (slot == none) slot = add_agent(site, told.agent);
    leave_queues(site, slot);
    agent_record& agent = site.agents[slot];
    agent.capacity = told.capacity;
    agent.kinds = bits_of(told.kinds);
    learn(site, agent, told.abilities);
    join_queues(site, slot, told.queues);
    rebuild_served(site, slot);
    end_lost_claims_of_agent(now, slot);
    mark_agent(site, slot);
    return {};
}

result<void> carry_out(turn& now, const remove_agent& told) {
    core& site = now.site;
    const auto slot = find_agent(site, told.agent);
    if (!slot) return slot.error();
    if (!site.agents[*slot].holds.empty()) {
        return refuse(errc::conflict, "agent_holds_tickets", "agent " + to_string(told.agent) + " still holds tickets");
    }
    change_presence(now, *slot, presence::offline, "removed");
    forget_declines_of(site, *slot);
    leave_queues(site, *slot);
    site.due.set(timer_owner::agent, *slot, told.agent.value, std::nullopt);
    site.agent_slots.erase(told.agent.value);
    site.agents.give_back(*slot);
    now.say<agent_removed>(told.agent);
    return {};
}

result<void> carry_out(turn& now, const set_presence& told) {
    const auto slot = find_agent(now.site, told.agent);
    if (!slot) return slot.error();
    if (told.reason.size() > longest_name) return refuse(errc::invalid, "invalid_reason", "at most 200 bytes");
    change_presence(now, *slot, told.state, told.reason);
    return {};
}

result<void> carry_out(turn& now, const agent_gone& told) {
    const auto slot = find_agent(now.site, told.agent);
    if (!slot) return slot.error();
    change_presence(now, *slot, presence::offline, "gone");
    return {};
}

}  // namespace kindred::dispatch
