#pragma once
#include "engine/base/json.hpp"
#include "engine/runtime/desks/ticket_standing.hpp"
#include "engine/runtime/world.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The world as JSON, for desks and the API. Frames are JSON members without the braces around them.
namespace kindred::runtime {

/// `"key":{"id":"7","name":"Ann"}`
void write_agent(json::writer& out, std::string_view key, const roster& people, agent_id who);
inline void write_agent(json::writer& out, std::string_view key, const world& of, agent_id who) {
    write_agent(out, key, *of.people, who);
}

/// The summary object of a ticket, open or resolved: what lists, offers and desks show. `due`: its nearest target.
void write_summary(json::writer& out, const roster& people, const channel_directory& channels, const ticket& about,
                   const std::optional<dispatch::due_target>& due);
inline void write_summary(json::writer& out, const world& of, const ticket& about, time_point now) {
    write_summary(out, *of.people, of.channels, about, of.dispatch.due(about.id, now));
}
std::string ticket_frame(const world& of, const ticket& about, time_point now);
std::string entry_frame(const store::entry_row& row);
/// The entry as an object: {"number","kind","at", ...its own members}.
std::string entry_object(const store::entry_row& row);
std::string offer_frame(const world& of, offer_id offer, time_point now);
std::string presence_frame(const world& of, agent_id agent);
std::string queues_frame(const world& of, time_point now);
/// Of everybody who may work on tickets.
std::string agents_json(const world& of);
/// Names and presence of everybody who may work on tickets.
std::string colleagues_json(const world& of);
/// One queue's figures, as an object.
std::string queue_json(const world& of, const std::string& name, time_point now);
/// The figures of every queue, and what a ticket of each priority that came now would wait.
std::string queues_with_estimates(const world& of, time_point now);
/// Everything an agent's desk shows at first.
std::string snapshot_frame(const world& of, agent_id agent, time_point now);

/// Where these tickets stand; where none is named, all that are open.
std::vector<ticket_standing> standings_of(const world& of, const std::vector<ticket_id>& wanted, time_point now);

/// Whom changes of a ticket are pushed to: its holder and those it is offered to.
std::vector<agent_id> watchers_of(const world& of, const ticket& about);

/// The members of a JSON object's text, without its braces.
std::string members_of(const std::string& object);

/// Whether a queue is open, and what is told to those who come to it now.
void stand_before(const world& of, const std::string& queue, channel::situation& stands);
/// Where a call stands, for its provider's next question.
channel::situation situation_of(const world& of, const ticket* about);

}  // namespace kindred::runtime
