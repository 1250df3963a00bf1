#include "engine/store/sqlite/commit_path.hpp"

#include "engine/store/sqlite/schema.hpp"

#include <algorithm>

namespace kindred::store::sqlite {
namespace {

follower::settings pace_of(const sqlite_options& options) {
    follower::settings pace;
    pace.every = options.follow_every;
    pace.bytes = options.follow_bytes;
    pace.most_bytes = std::max(pace.most_bytes, 2 * pace.bytes);
    return pace;
}

/// What the database could never take must not get into the log.
bool fits(const batch& changes) {
    return std::ranges::all_of(changes.entries,
                               [](const auto& row) { return fits_entry_key(row.ticket.value, row.number); });
}

}  // namespace

commit_path::commit_path(commit_log log, const sqlite_options& options, writer& to, health& disk,
                         std::function<void()> followed)
    : log_(std::move(log)), writer_(to), disk_(disk), follower_(to, pace_of(options), std::move(followed)) {}

commit_path::~commit_path() {
    if (!log_.holds_what_was_erased() || disk_.broken()) return;
    if (follower_.catch_up().state != commit_state::committed) return;
    log_.retire(follower_.position());
    (void)log_.forget_what_was_erased();
}

commit_outcome commit_path::commit(const placed_batch& what) {
    if (disk_.broken()) return {commit_state::broken, disk_.reason()};
    // While the database cannot follow, what is acknowledged would only pile up.
    if (follower_.standing().state != commit_state::committed) {
        if (auto outcome = follower_.catch_up(); outcome.state != commit_state::committed) return outcome;
    }
    commit_outcome outcome;
    if (!committed_before(what.changes->id, outcome) && outcome.state == commit_state::committed)
        outcome = append(what);
    return outcome;
}

/// True when a batch with this id was applied already; `outcome` says when that cannot be found out.
bool commit_path::committed_before(const batch_id& id, commit_outcome& outcome) {
    if (count() != 0 && last_.incarnation == id.incarnation) return last_.number >= id.number;
    outcome = follower_.catch_up();
    if (outcome.state != commit_state::committed) return false;
    std::uint64_t up_to = 0;
    outcome = writer_.find_applied(id, up_to);
    if (outcome.state != commit_state::committed || up_to < id.number) return false;
    last_ = id;
    count_.fetch_add(1, std::memory_order_release);
    writer_.count_again();
    return true;
}

commit_outcome commit_path::append(const placed_batch& what) {
    if (!fits(*what.changes))
        return {commit_state::refused, "a batch has an entry beyond the store's range of numbers"};
    log_.retire(follower_.position());
    if (log_.holds_what_was_erased()) {
        if (const int code = log_.forget_what_was_erased(); code != SQLITE_OK)
            return outcome_of(code, failed_at::commit, log_.path(), disk_);
    }
    logged_batch logged;
    if (const int code = log_.append(what, logged); code != SQLITE_OK)
        return outcome_of(code, failed_at::commit, log_.path(), disk_);
    last_ = what.changes->id;
    count_.fetch_add(1, std::memory_order_release);
    follower_.follow(std::move(logged));
    return {};
}

}  // namespace kindred::store::sqlite
