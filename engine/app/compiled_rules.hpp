#pragma once
#include "engine/app/folder_watch.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/store/store.hpp"

#include <chrono>
#include <filesystem>
#include <optional>

namespace kindred::app {

/// Rulesets that have been compiled: compiling takes tens of milliseconds, for which a node that comes to lead would
/// keep everybody waiting. For one thread at a time.
class compiled_rules {
public:
    explicit compiled_rules(std::filesystem::path folder) : folder_(std::move(folder)), watched_(folder_) {}

    /// As rules::load_folder() of the folder as it is now. The same files are not compiled twice.
    rules::loaded of_folder();
    /// Those of the row; none where its files cannot be used.
    std::optional<rules::ruleset> of_row(const store::ruleset_row& row);
    /// Compiles what a start would begin with: the folder's, and those that came last into the store. At most once a
    /// second, and most often there is nothing to do.
    void look_ahead(store::store& of);

private:
    const std::filesystem::path folder_;
    folder_watch watched_;
    std::optional<rules::rule_files> files_;  ///< of the folder, when they were last compiled
    rules::loaded compiled_;                  ///< of them
    std::string stored_hash_;
    std::optional<rules::ruleset> stored_;
    std::chrono::steady_clock::time_point next_look_;
};

}  // namespace kindred::app
