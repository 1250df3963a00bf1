#include "engine/insight/ticket_story.hpp"

#include <algorithm>
#include <array>

namespace kindred::insight {
namespace {

constexpr std::array<std::string_view, 18> names{"contact",  "outbound",      "reopened",    "decision",  "queued",
                                                 "accepted", "assigned",      "snoozed",     "reply",     "connecting",
                                                 "consult",  "merged",        "resolved",    "abandoned", "removed",
                                                 "survey",   "survey_answer", "self_service"};

}  // namespace

std::string_view name_of(line_kind kind) { return names.at(static_cast<std::size_t>(kind) - 1); }

std::optional<line_kind> line_kind_named(std::string_view name) {
    const auto* const found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<line_kind>(found - names.begin() + 1);
}

std::uint32_t name_table::number_of(std::string_view name) {
    if (const auto known = numbers_.find(name); known != numbers_.end()) return known->second;
    const auto number = static_cast<std::uint32_t>(names_.size());
    numbers_.emplace(name, number);
    names_.emplace_back(name);
    return number;
}

}  // namespace kindred::insight
