#pragma once
#include "engine/store/redis/record_ring.hpp"
#include "engine/store/redis/site_log.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>

namespace kindred::store::redis {

/// The way into a site's inbox. What Redis confirmed is noted beside the copy, so that what a failover of it lost is
/// taken in again, by its key, once. Not synced: notes outlive this process, not this machine. Thread-safe.
class site_intake {
public:
    /// `path` and `bytes` as of record_ring. `erase_within`: how long what was erased may stay in its files.
    site_intake(site_log& into, const site_place& at, std::string path, std::size_t bytes,
                std::chrono::milliseconds erase_within);

    result<void> open();
    result<std::vector<ingest_outcome>> ingest(std::span<const inbound_item> items);
    /// Looks for what was lost where there was a new connection since the last look: it may be to another server.
    /// `connects`: of this node's other connections.
    void look(std::uint64_t connects);

    /// Something was erased: its words may be among what was noted.
    void forget_soon();
    /// Looks whether the time of what was erased is over, or that of everything.
    void tidy();

private:
    using steady = std::chrono::steady_clock;
    std::uint64_t mark() const;
    void note(std::span<const inbound_item> items, std::span<const ingest_outcome> placed);
    void look_before(std::uint64_t mark);
    result<std::uint64_t> repair(std::uint64_t mark);
    std::vector<inbound_item> noted_before(std::uint64_t mark) const;

    site_log& into_;
    const std::shared_ptr<site_figures> figures_;
    const std::chrono::milliseconds erase_within_;
    std::mutex repair_mutex_;
    std::atomic<std::uint64_t> elsewhere_{0};  ///< connections of others, at the last look
    std::atomic<std::uint64_t> looked_at_{0};  ///< connections of all, when nothing was lost any more
    mutable std::mutex mutex_;
    record_ring ring_;
    std::uint64_t next_ = 1;
    bool is_failing_ = false;
    std::optional<steady::time_point> forget_at_;
    std::optional<steady::time_point> noted_at_;
};

}  // namespace kindred::store::redis
