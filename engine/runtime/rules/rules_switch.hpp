#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// The rules of `wanted` take over between two inputs: dispatch gets their queues, calendars are followed anew, and
/// what waits in a queue that is gone goes to the fallback's queue. Tickets that wait elsewhere keep their decisions.
/// errc::conflict when the rules in force are not the ones it was made from; then nothing changes.
result<void> switch_rules(step& in, const rules_change& wanted);

/// The first activation of a start: kept once, however often the writer starts over.
void begin_with_rules(step& in, const std::string& author, const std::string& folder);

/// The rules in force and how they came to be, as JSON members: "hash", "activations" (latest first).
std::string rules_json(const world& of);

/// The stored form of what was activated when, and back: what is not readable gives an empty list.
std::string to_json(const std::vector<rules_activation>& activations);
std::vector<rules_activation> activations_from_json(std::string_view text);

/// Names of the store's settings that survive a start.
inline constexpr std::string_view activations_setting = "rules_activations";
inline constexpr std::string_view folder_setting = "rules_folder";

}  // namespace kindred::runtime
