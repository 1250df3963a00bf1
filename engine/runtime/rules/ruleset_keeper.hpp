#pragma once
#include "engine/rules/ruleset.hpp"
#include "engine/runtime/site.hpp"

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <variant>

namespace kindred::runtime {

/// Which rules are meant: files as they are given, a version that the store keeps, or the configured folder as it is.
struct rules_source {
    struct folder {};
    struct version {
        std::string hash;
    };
    std::variant<folder, version, rules::rule_files> what;
};

/// Whose wish it is, and what it rests on.
struct rules_wish {
    std::string author;
    std::string how;                      ///< "folder", "activate", "rollback"
    std::string from;                     ///< hash of the rules that it was made from; empty: whichever are in force
    std::optional<rollout_wish> rollout;  ///< they are only to be tried
};

/// Brings rulesets into force while the engine runs. Compiling happens on the caller's thread, which may block: never
/// an I/O thread or the writer's. Every member is safe from every thread.
class ruleset_keeper {
public:
    /// `folder_seen`: hash of the folder as it was when the site started. `of` must outlive this.
    ruleset_keeper(site& of, std::filesystem::path folder, std::string folder_seen);

    /// Compiles. Problems say what is wrong with the files; errc::not_found for a version that is not kept.
    result<rules::loaded> read(const rules_source& from) const;

    /// Has rules take over between two steps of the writer. `done` runs once that is durable, with the hash in force,
    /// or errc::conflict when `wish.from` is not in force any more.
    void activate(const rules::ruleset& rules, const rules_source& from, const rules_wish& wish,
                  std::function<void(result<std::string>)> done);

    /// Reads the folder and has it take over. What is wrong with it changes nothing, is counted, and comes back.
    /// `only_if_changed`: a folder whose files are those that were read last is left alone.
    std::vector<settings::diagnostic> reload_folder(const std::string& author, bool only_if_changed);

    /// Counts a change that was refused.
    void refused();
    const std::filesystem::path& folder() const { return folder_; }

private:
    site& site_;
    const std::filesystem::path folder_;
    std::mutex mutex_;
    std::string folder_seen_;
};

}  // namespace kindred::runtime
