#pragma once
#include "engine/rules/ruleset.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::rules {

/// One kind of customer on one kind of channel, and what the rules have for them.
struct coverage_cell {
    std::string segment;
    std::string stage;  ///< empty without stages.yaml
    channel_kind channel = channel_kind::api;
    std::string language;
    std::string route;
    std::string queue;
    bool by_fallback = false;
    std::string script;  ///< id; empty: none
    std::string script_language;
    std::vector<std::string> articles;  ///< ids of those in the customer's language, or in none
};

/// The ways in which rules may leave customers without what is theirs.
std::vector<std::string_view> gaps_of(const coverage_cell& cell);

/// What each segment of a dimension gets at each stage, on each of these channels, in each of the site's languages:
/// decided for a customer who is placed there, of whom nothing else is known, and who says nothing. So routes, scripts
/// and articles that ask for more than the place do not appear. Pure; errc::not_found for a dimension that the rules do
/// not have.
result<std::vector<coverage_cell>> coverage_of(const ruleset& rules, std::string_view dimension,
                                               std::span<const channel_kind> channels, time_point now);

}  // namespace kindred::rules
