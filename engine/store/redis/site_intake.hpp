#pragma once
#include "engine/store/redis/options.hpp"
#include "engine/store/redis/record_ring.hpp"
#include "engine/store/redis/site_log.hpp"
#include "engine/store/redis/waiting_items.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>

namespace kindred::store::redis {

/// The way into a site's inbox. What Redis confirmed is noted beside the copy, so that what a failover of it lost is
/// taken in again, by its key, once. Not synced: notes outlive this process, not this machine. Thread-safe.
class site_intake {
public:
    site_intake(site_log& into, const site_place& at, const redis_options& options);

    result<void> open();
    /// Of which site this is, once the copy knows.
    void belongs_to(const std::string& site_uid);
    /// Where the options say so, what Redis does not take is taken by this node's disk, with position 0, and goes there
    /// later.
    result<std::vector<ingest_outcome>> ingest(std::span<const inbound_item> items);
    /// Something is on this node's disk alone.
    bool has_waiting() const { return waiting_ && !waiting_->items.empty(); }
    /// Looks for what was lost where there was a new connection since the last look, for it may be to another server;
    /// and once a second whether the newest of what was noted is still known. `connects`: of this node's other
    /// connections.
    void look(std::uint64_t connects);

    /// Something was erased: its words may be among what was noted.
    void forget_soon();
    /// Looks whether the time of what was erased is over, or that of everything.
    void tidy();

private:
    using steady = std::chrono::steady_clock;
    /// What waits, and the connection over which it goes.
    struct waiting {
        waiting(const site_place& at, const redis_options& options, waiting_items::bring to_redis);
        ~waiting();
        waiting(const waiting&) = delete;
        waiting& operator=(const waiting&) = delete;
        site_log log;
        waiting_items items;
    };
    result<std::vector<ingest_outcome>> wait_with(std::span<const inbound_item> items);
    result<void> bring(std::span<const inbound_item> items);
    std::uint64_t mark() const;
    void note(std::span<const inbound_item> items, std::span<const ingest_outcome> placed);
    void look_before(std::uint64_t mark);
    void look_for_newest();
    result<void> take_in_again(std::uint64_t mark);
    result<std::uint64_t> repair(std::uint64_t mark);
    std::vector<inbound_item> noted_before(std::uint64_t mark) const;

    site_log& into_;
    const std::shared_ptr<site_figures> figures_;
    const std::chrono::milliseconds erase_within_;
    const std::chrono::milliseconds kept_for_;  ///< a failover is noticed sooner, and Redis knows keys for longer
    const std::size_t most_bytes_;              ///< of the inbox
    std::mutex repair_mutex_;
    std::atomic<std::uint64_t> elsewhere_{0};  ///< connections of others, at the last look
    std::atomic<std::uint64_t> looked_at_{0};  ///< connections of all, when nothing was lost any more
    mutable std::mutex mutex_;
    record_ring ring_;
    std::uint64_t next_ = 1;
    std::optional<unique_key> newest_;
    steady::time_point look_for_newest_at_;
    bool is_failing_ = false;
    std::optional<steady::time_point> forget_at_;
    std::optional<steady::time_point> noted_at_;
    std::optional<waiting> waiting_;  // last: its thread uses the fields above
};

}  // namespace kindred::store::redis
