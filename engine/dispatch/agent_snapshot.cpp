#include "engine/dispatch/carry_out.hpp"
#include "engine/dispatch/limits.hpp"
#include "engine/dispatch/roster.hpp"
#include "engine/dispatch/snapshot.hpp"
#include "engine/dispatch/wire_settings.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace kindred::dispatch {

namespace {

std::vector<requirement> abilities_of(const core& site, const agent_record& agent) {
    std::vector<requirement> abilities;
    for (ability_no ability = 0; ability < agent.levels.size(); ++ability) {
        if (agent.levels[ability] == 0) continue;
        const auto [kind, name] = site.plans.ability_name(ability);
        abilities.push_back({kind, std::string(name), agent.levels[ability]});
    }
    std::sort(abilities.begin(), abilities.end(), [](const requirement& a, const requirement& b) {
        return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
    });
    return abilities;
}

std::vector<channel_kind> kinds_of(const agent_record& agent) {
    std::vector<channel_kind> kinds;
    std::copy_if(all_channel_kinds.begin(), all_channel_kinds.end(), std::back_inserter(kinds),
                 [&](channel_kind kind) { return works_on(agent, kind); });
    return kinds;
}

/// The command that would make this agent.
upsert_agent recipe_of(const core& site, const agent_record& agent) {
    upsert_agent recipe{agent.id, {}, abilities_of(site, agent), kinds_of(agent), agent.capacity};
    for (const membership& each : agent.queues) {
        recipe.queues.push_back({site.queues[each.queue].settings.name, each.rank});
    }
    return recipe;
}

}  // namespace

void append_agent(std::string& out, const core& site, const agent_record& agent) {
    wire::writer bytes(out);
    bytes.number(snapshot_layout);
    bytes.put(recipe_of(site, agent));
    bytes.put(agent.state);
    bytes.put(agent.reason);
    bytes.put(agent.since);
    bytes.put(agent.idle_since);
    bytes.put(agent.returns_at);
}

result<void> restore_agent(core& site, std::string_view text) {
    wire::reader bytes(text);
    if (bytes.number() != snapshot_layout) bytes.spoil();
    upsert_agent recipe;
    agent_record values;
    bytes.get(recipe);
    bytes.get(values.state);
    bytes.get(values.reason);
    bytes.get(values.since);
    bytes.get(values.idle_since);
    bytes.get(values.returns_at);
    const bool sane =
        is_sane(values.since) && is_sane(values.idle_since) && is_sane(values.returns_at.value_or(site.now));
    const bool sound = sane && bytes.ok() && bytes.at_end() && site.agent_slots.find(recipe.agent.value) == none;
    std::vector<event> unsaid;
    turn now{site, unsaid};
    if (!sound || !carry_out(now, recipe)) {
        return fail(errc::corrupt, "stored state of agent " + to_string(recipe.agent) + " cannot be true here");
    }
    const slot_no slot = site.agent_slots.find(recipe.agent.value);
    agent_record& agent = site.agents[slot];
    agent.state = values.state;
    agent.reason = values.reason;
    agent.since = values.since;
    agent.idle_since = values.idle_since;
    agent.returns_at = values.returns_at;
    site.due.set(timer_owner::agent, slot, agent.id.value, agent.returns_at);
    refresh_zone(site, slot);
    // What is restored had been settled: a mark left on it would make the first command look at agents in another order
    // than the dispatcher did that went on.
    if (std::exchange(agent.dirty, false)) site.dirty_agents.pop_back();
    return {};
}

}  // namespace kindred::dispatch
