#include "engine/runtime/world.hpp"

#include "engine/base/json.hpp"
#include "engine/routing/plan.hpp"
#include "engine/runtime/people/registers.hpp"
#include "engine/runtime/people/roster_changes.hpp"
#include "engine/runtime/rules/rules_switch.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

const std::string* setting(const store::open_state& from, std::string_view name) {
    for (const auto& [key, value] : from.settings)
        if (key == name) return &value;
    return nullptr;
}

/// Agent rows hold the person, and dispatch's bytes as settings "agent.<id>".
result<void> restore_people(world& into, const store::open_state& from) {
    std::vector<person> people;
    for (const auto& row : from.agent_rows) {
        auto someone = person_from_json(row.id, row.json);
        if (!someone) return someone.error();
        people.push_back(std::move(*someone));
        const auto* bytes = setting(from, "agent." + to_string(row.id));
        if (bytes == nullptr) return fail(errc::corrupt, "agent " + to_string(row.id) + " has no dispatch state");
        if (auto restored = into.dispatch.restore_agent(*bytes); !restored) return restored.error();
    }
    into.people = std::make_shared<const roster>(std::move(people));
    return {};
}

}  // namespace

std::string to_json(const counters& used) {
    json::writer out;
    return out.begin_object().member("tickets", used.tickets).member("outbox", used.outbox).end_object().take();
}

result<std::unique_ptr<world>> load_world(store::store& from, const rules::ruleset& rules,
                                          const channel_directory& channels, time_point now, start_state& start) {
    std::unique_ptr<world> made(new world{
        rules, channels, {}, {}, {}, {}, customer_book{}, {}, {}, nullptr, {}, 0, {}, {}, {}, {}, {}, {}, {}});
    std::vector<dispatch::event> nothing_new;
    if (auto configured = made->dispatch.apply(routing::to_command(rules), now, nothing_new); !configured)
        return configured.error();

    // Tickets stream in while small state is still being read, but can be restored only after site and agents.
    std::vector<std::string> ticket_states;
    std::optional<error> broken;
    auto opened = from.load([&](store::ticket_row&& row) {
        std::string_view bytes;
        auto held = unpack(row, bytes);
        if (!held) {
            if (!broken) broken = held.error();
            return;
        }
        ticket_states.emplace_back(bytes);
        made->tickets.add(std::move(*held));
    });
    if (!opened) return opened.error();
    if (broken) return *broken;
    if (const auto* site = setting(*opened, "dispatch"))
        if (auto restored = made->dispatch.restore_site(*site); !restored) return restored.error();
    if (auto restored = restore_people(*made, *opened); !restored) return restored.error();
    for (const auto& state : ticket_states)
        if (auto restored = made->dispatch.restore_ticket(state); !restored) return restored.error();

    for (const auto& [name, value] : opened->settings)
        if (name.starts_with(incident_setting))
            if (auto kept = incident_from_json(value)) made->incidents.emplace(kept->id, std::move(*kept));
    if (const auto* key = setting(*opened, "site_key")) made->site_key = *key;
    if (const auto* kept = setting(*opened, activations_setting)) made->activations = activations_from_json(*kept);
    if (const auto* trial = setting(*opened, rollout_setting)) made->trial = load_rollout(from, *trial);
    if (const auto* head = setting(*opened, audit_setting)) {
        auto read = audit_head_from_json(*head);
        if (!read) return read.error();
        made->audited = std::move(*read);
    }
    if (auto registered = load_registers(from, *made); !registered) return registered.error();
    if (auto roles = load_roles(from, *made); !roles) return roles.error();
    // Batches are numbered as the store counts commits: what a read has seen tells which of them it shows.
    made->batch = from.commits();
    made->used = {opened->tickets, opened->customers, opened->agents, opened->outbox, opened->journal};
    if (const auto* used = setting(*opened, used_setting)) {
        const auto parsed = json::document::parse(*used);
        if (!parsed) return fail(errc::corrupt, "the numbers in use are not readable");
        const auto at_least = [&](std::uint64_t& counter, std::string_view name) {
            counter = std::max(counter, static_cast<std::uint64_t>((*parsed)[name].integer().value_or(0)));
        };
        at_least(made->used.tickets, "tickets");
        at_least(made->used.outbox, "outbox");
    }
    start.pending = std::move(opened->pending);
    start.undecided = std::move(opened->undecided);
    return made;
}

}  // namespace kindred::runtime
