#pragma once
#include "engine/store/sqlite/commit_log.hpp"
#include "engine/store/sqlite/follower.hpp"

namespace kindred::store::sqlite {

/// The way of a batch: into the log, which makes it durable, and from there into the database.
/// commit() is for one thread; the rest is thread-safe.
class commit_path {
public:
    /// `to` and `disk` must outlive this.
    commit_path(commit_log log, const sqlite_options& options, writer& to, health& disk,
                std::function<void()> followed);
    ~commit_path();
    commit_path(const commit_path&) = delete;
    commit_path& operator=(const commit_path&) = delete;

    commit_outcome commit(const placed_batch& what);
    /// Afterwards the database shows every commit that had returned before.
    commit_outcome catch_up() { return follower_.catch_up(); }
    /// How many batches were committed since this was made.
    std::uint64_t count() const { return count_.load(std::memory_order_acquire); }

private:
    commit_outcome append(const placed_batch& what);
    bool committed_before(const batch_id& id, commit_outcome& outcome);

    commit_log log_;
    writer& writer_;
    health& disk_;
    batch_id last_;
    std::atomic<std::uint64_t> count_{0};
    follower follower_;  // last: its thread ends first
};

}  // namespace kindred::store::sqlite
