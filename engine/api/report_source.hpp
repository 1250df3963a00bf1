#pragma once
#include "engine/insight/report_table.hpp"
#include "engine/store/store.hpp"

namespace kindred::rules {
class ruleset;
}

namespace kindred::api {

/// Reads the period out of the store and counts. What has to be known of tickets that are older than the period is read
/// from their own histories. errc as the store's reads have them; errc::too_large for more rows than most_report_rows.
result<insight::report_table> make_report(store::store& from, insight::report_question asked);

/// A misspelt dimension puts everything into the group without a name: errc::invalid where neither a ticket of that
/// time nor the rules have it. Without rules only tickets are asked.
result<void> check_dimension(const insight::report_table& made, const rules::ruleset* rules);

inline constexpr std::size_t most_report_rows = 100'000;

}  // namespace kindred::api
