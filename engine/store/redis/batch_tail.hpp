#pragma once
#include "engine/store/redis/record_ring.hpp"
#include "engine/store/redis/site_log.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <vector>

namespace kindred::store::redis {

/// The last batches that this node saw in the log, beside its copy: what a failover of Redis lost can be put back from
/// there. Not synced: it outlives this process, not this machine. Thread-safe.
class batch_tail {
public:
    /// As record_ring. `erase_within`: how long what was erased may stay in its files.
    batch_tail(std::string path, std::size_t bytes, std::chrono::milliseconds erase_within,
               std::chrono::milliseconds turn_after)
        : ring_(std::move(path), bytes, turn_after), erase_within_(erase_within) {}

    result<void> open();

    /// `erases`: what the batch takes away is to leave the files, too. Where this fails, which is logged, the node goes
    /// on: it has less to put back.
    void add(const log_record& record, bool erases);
    /// All batches behind `from` up to `to`, in their order. Nothing: it has not all of them.
    std::optional<std::vector<log_record>> between(const log_end& from, const log_end& to) const;

    /// All that it has, oldest first.
    std::vector<log_record> all() const;

    /// What it has may be of somebody who was erased meanwhile.
    void forget_soon();
    /// Looks whether the time of what was erased is over, or that of everything.
    void tidy();
    result<void> set_aside(const std::string& path);

private:
    using steady = std::chrono::steady_clock;
    void tidy_held();

    mutable std::mutex mutex_;
    record_ring ring_;
    const std::chrono::milliseconds erase_within_;
    std::optional<steady::time_point> forget_at_;
    bool is_failing_ = false;
};

}  // namespace kindred::store::redis
