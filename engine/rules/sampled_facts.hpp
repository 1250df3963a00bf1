#pragma once
#include "engine/conditions/condition.hpp"
#include "engine/rules/given.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Situations made up from the boundaries that conditions themselves draw.
namespace kindred::rules {

/// What is out of the ordinary about a situation: facts by name, "now", "customer.id" (which shares go by; without
/// it nobody is in one), and "share.<route>" (true: in it whoever it is). Everything else is as in a situation that
/// states nothing.
using fact_assignment = std::map<std::string, fact_value, std::less<>>;

/// The situation in which these facts hold. Facts that nobody can state (segments, calendars, what does not exist) are
/// passed over.
given_situation situation_with(const fact_assignment& facts, time_point base);

/// Whether the test holds in that situation; asks this ruleset for segments and stage.
bool holds_with(const conditions::fact_test& test, const compiled_rules& rules, const fact_assignment& facts,
                time_point base);

/// Values on both sides of each boundary of the test, as few as show all of them. None for facts that are not stated
/// but worked out (segment.*, stage, calendar.*, time.*). Texts that a pattern finds are tried, not promised.
std::vector<fact_value> boundary_values(const conditions::fact_test& test, const compiled_rules& rules,
                                        time_point base);

/// Moments worth looking at: every hour of a week from `base`, and when the calendars change within 60 days.
std::vector<time_point> telling_moments(const compiled_rules& rules, time_point base);

/// Every test of a condition, depth first.
void collect_tests(const conditions::condition& asked, std::vector<const conditions::fact_test*>& into);

}  // namespace kindred::rules
