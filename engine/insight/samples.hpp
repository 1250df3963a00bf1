#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// What is compared, as values: groups of customers and what was measured of each.
namespace kindred::insight {

/// One outcome that is a number (satisfaction, handling time) in one group; a value a customer or ticket.
struct numeric_group {
    std::string name;
    std::vector<double> values;
    std::vector<double> ascending = {};  ///< the same values sorted; empty: nobody has sorted them yet
};
/// Some of them, where two are compared with each other and then with a third.
using chosen_groups = std::vector<const numeric_group*>;
chosen_groups all_of(std::span<const numeric_group> groups);

/// One outcome that is a category (intent, preference): how often each occurred in each group.
struct contingency {
    std::vector<std::string> groups;
    std::vector<std::string> categories;
    std::vector<std::vector<std::int64_t>> counts;  ///< by group, then by category; none below 0
};

/// The groups that have values at all; others say nothing.
std::vector<numeric_group> without_empty(std::vector<numeric_group> groups);

/// The table without groups and categories that never occurred.
contingency without_empty(contingency table);

/// All counts together.
std::int64_t total_of(const contingency& table);

}  // namespace kindred::insight
