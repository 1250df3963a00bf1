#pragma once
#include "engine/app/import_progress.hpp"
#include "engine/base/csv.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/store/store.hpp"

#include <iosfwd>
#include <string>

namespace kindred::app {

/// The profiles of everybody, in the form that import takes, to `out`. errc::io where it cannot be written.
result<void> print_profiles(store::store& from, const rules::ruleset& rules, row_form form, std::ostream& out);

struct profile_file {
    std::string path;
    bool again = false;  ///< from the beginning, wherever an earlier try ended
};

/// The same into a file. How far it has come is kept in PATH.progress, so that a try that was ended goes on there: who
/// was written before stands there as they were then. `going_on` is told after whom. The number of profiles in the
/// file.
result<std::uint64_t> export_profiles(store::store& from, const rules::ruleset& rules, row_form form,
                                      const profile_file& into, progress_bar& bar, std::ostream& going_on);

}  // namespace kindred::app
