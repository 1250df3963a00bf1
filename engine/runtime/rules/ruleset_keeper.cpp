#include "engine/runtime/rules/ruleset_keeper.hpp"

#include "engine/base/log.hpp"

namespace kindred::runtime {
namespace {

/// The store's files of a version, compiled again.
result<rules::loaded> read_version(store::store& durable, const std::string& hash) {
    const auto row = durable.ruleset(hash);
    if (!row) return row.error();
    auto files = rules::unpack(row->files);
    if (!files) return files.error();
    return rules::load(std::move(*files));
}

}  // namespace

ruleset_keeper::ruleset_keeper(site& of, std::filesystem::path folder, std::string folder_seen)
    : site_(of), folder_(std::move(folder)), folder_seen_(std::move(folder_seen)) {}

result<rules::loaded> ruleset_keeper::read(const rules_source& from) const {
    if (const auto* version = std::get_if<rules_source::version>(&from.what))
        return read_version(site_.durable(), version->hash);
    if (const auto* files = std::get_if<rules::rule_files>(&from.what)) return rules::load(*files);
    return rules::load_folder(folder_);
}

void ruleset_keeper::activate(const rules::ruleset& rules, const rules_source& from, const rules_wish& wish,
                              std::function<void(result<std::string>)> done) {
    rules_change change{rules, wish.author, std::move(done), {}, {}, {}, false, {}};
    change.how = wish.how;
    change.from = wish.from;
    change.rollout = wish.rollout;
    const bool from_folder = std::holds_alternative<rules_source::folder>(from.what);
    if (from_folder && !wish.rollout) change.folder = rules.hash();
    change.kept = site_.durable().ruleset(rules.hash()).has_value();
    auto refuse = change.done;
    if (!site_.submit(std::move(change))) refuse(fail(errc::overloaded, "this cannot be taken in now: try again"));
}

std::vector<settings::diagnostic> ruleset_keeper::reload_folder(const std::string& author, bool only_if_changed) {
    auto files = rules::read_folder(folder_);
    const auto hash = files ? rules::hash_of(*files) : std::string();
    {
        const std::lock_guard hold(mutex_);
        if (only_if_changed && hash == folder_seen_) return {};
        folder_seen_ = hash;
    }
    auto again = files ? rules::load(std::move(*files), folder_.string()) : rules::load_folder(folder_);
    if (!again.rules) {
        refused();
        log::error("the rules have errors: the active ones stay", {{"folder", folder_.string()}});
        return again.problems;
    }
    activate(*again.rules, {rules_source::folder{}}, {author, "folder", {}, {}}, [](const result<std::string>& active) {
        if (active)
            log::info("rules are active", {{"hash", *active}});
        else
            log::error("the rules could not be activated", {{"err", active.error().message}});
    });
    return again.problems;
}

void ruleset_keeper::refused() { site_.figures().rules_refused(); }

}  // namespace kindred::runtime
