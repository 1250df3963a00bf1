#pragma once
#include "engine/app/compiled_rules.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/store/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kindred::app {

/// The rules that a start begins with.
struct starting_rules {
    std::optional<rules::ruleset> rules;  ///< none: there are none that can be used
    std::string folder;                   ///< hash of the folder, where it could be read without errors
    bool folder_refused = false;          ///< the folder has errors
    std::vector<settings::diagnostic> problems;
};

/// The folder's, where it has changed since the store last saw it; else those that were in force when the store was
/// last written, so that what was activated or rolled back through the API outlives a restart. A folder with errors
/// never takes over from rules that work.
starting_rules choose_starting_rules(compiled_rules& of, const store::open_state& kept);

/// The rules that were in force when the store was last written; none where it has none that can be used.
std::optional<rules::ruleset> active_before(const store::open_state& kept);

}  // namespace kindred::app
