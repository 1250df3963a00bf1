#pragma once
#include "engine/dispatch/commands.hpp"
#include "engine/rules/ruleset.hpp"

#include <string>

namespace kindred::routing {

/// What dispatch must know of a ruleset.
dispatch::configure to_command(const rules::ruleset& rules);

/// What dispatch must know of a decision.
dispatch::ticket_plan to_plan(const rules::decision& made);

/// The part of a decision that every list and desk shows, as JSON members kept with the ticket:
/// route, priority, stage, segments, script, articles.
std::string decision_summary(const rules::decision& made);

}  // namespace kindred::routing
