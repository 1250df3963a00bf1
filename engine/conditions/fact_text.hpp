#pragma once
#include "engine/base/json.hpp"
#include "engine/conditions/fact.hpp"
#include "engine/conditions/time_zone.hpp"

#include <string>

namespace kindred::conditions {

/// A value as people read it: times in the zone ("2026-11-23 10:00"), lists with commas; empty when not known.
std::string to_text(const fact_view& value, fact_type type, const time_zone& zone);

/// A value as JSON: times in RFC 3339, dates as YYYY-MM-DD, durations as the rule language writes them, unknown as
/// null. Texts longer than `longest_text` bytes are cut at a character and end in an ellipsis.
void write_json(json::writer& out, const fact_view& value, fact_type type, std::size_t longest_text = 200);

}  // namespace kindred::conditions
