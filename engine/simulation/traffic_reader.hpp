#pragma once
#include "engine/rules/ruleset.hpp"
#include "engine/settings/reader.hpp"
#include "engine/simulation/traffic.hpp"

#include <optional>
#include <string_view>

namespace kindred::simulation {

/// What a traffic file may hold (docs/simulation.md).
const settings::shape& traffic_shape();
/// Its JSON Schema (draft-07).
std::string traffic_schema();

/// Reads a traffic file for these rules. Every problem goes to `found`, with its place; nothing where one is an error.
std::optional<traffic> read_traffic(std::string_view file, std::string_view text, const rules::ruleset& rules,
                                    settings::problems& found);

}  // namespace kindred::simulation
