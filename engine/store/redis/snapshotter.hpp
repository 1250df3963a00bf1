#pragma once
#include "engine/store/redis/lease_keeper.hpp"
#include "engine/store/redis/local_copy.hpp"
#include "engine/store/redis/options.hpp"
#include "engine/store/redis/snapshots.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace kindred::store::redis {

/// Puts a snapshot into Redis when the log has become long, or old, on a thread and over a connection of its own:
/// writing goes on meanwhile. Where pieces lie with several masters it looks whether they are all there, at first and
/// now and then: one of those may have lost some, in a failover of its own; then another snapshot takes its place.
class snapshotter {
public:
    /// `lease` must outlive this. `logged`: bytes that the log has already.
    snapshotter(const site_place& at, const lease_keeper& lease, const redis_options& options, std::uint64_t logged);
    ~snapshotter();
    snapshotter(const snapshotter&) = delete;
    snapshotter& operator=(const snapshotter&) = delete;

    /// A batch of so many bytes went into the log. `erases`: what it takes away is to leave the log, too, soon.
    void note(std::size_t bytes, bool erases);
    /// Batches may be in the log that were not noted: what is owed for them Redis says.
    void look_again();

private:
    void run(const std::stop_token& stop);
    bool is_due() const;
    bool must_not_wait() const;
    bool is_wanted() const;
    void look_for_damage();
    bool look();
    result<void> make();
    result<copy_place> copied_to(const std::string& file, backup_moment as_of) const;

    const lease_keeper& lease_;
    const sqlite_options copy_;
    const std::size_t least_bytes_;
    const std::chrono::milliseconds erase_within_;
    const std::chrono::milliseconds replaced_within_;
    const std::chrono::milliseconds look_every_;
    const std::shared_ptr<site_figures> figures_;
    site_log log_;
    snapshots into_;
    std::atomic<std::uint64_t> logged_;
    std::atomic<bool> erased_{false};
    std::atomic<bool> must_look_{true};
    // The thread's own:
    bool is_broken_ = false;  ///< the one that Redis has
    bool is_old_ = false;     ///< likewise, and the log has something since
    std::atomic<std::uint64_t> last_size_{0};
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::jthread thread_;  // last: it uses the fields above
};

}  // namespace kindred::store::redis
