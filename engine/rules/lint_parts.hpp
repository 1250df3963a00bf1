#pragma once
#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/lint.hpp"

namespace kindred::rules {

/// Warns of kinds of customer (segments x stage x channel x language) for which no script fits, and no article, where
/// there are any of these at all.
void lint_scripts(const compiled_rules& rules, std::string_view shown_folder, settings::problems& found);

/// Warns of queues that no agent serves and of steps that nobody in their queue meets.
void lint_roster(const compiled_rules& rules, const std::vector<roster_agent>& roster, std::string_view shown_folder,
                 settings::problems& found);

}  // namespace kindred::rules
