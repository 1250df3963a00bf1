#pragma once
#include "engine/runtime/step.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kindred::runtime {

/// Kind of store::kept_row: that somebody is named in a note and has not said to have seen it. Stored: never renamed.
inline constexpr std::string_view mention_rows = "mention";

/// "<agent>/<ticket>": the latest mention of an agent in a ticket stands for all of them.
std::string mention_key(agent_id agent, ticket_id ticket);
inline std::string mention_prefix(agent_id agent) { return to_string(agent) + "/"; }

/// Who is meant by "@login" in a text, each once, in their order. What is no log-in is left alone: it may be an
/// address.
std::vector<agent_id> mentioned_in(std::string_view text, const roster& people);

/// Tells those who are named in entry `number` of a ticket: on their desks now, and in their lists until they have seen
/// it. Whoever wrote it is not told.
void tell_mentioned(step& in, const ticket& about, std::uint32_t number, agent_id by,
                    const std::vector<agent_id>& named);

}  // namespace kindred::runtime
