#pragma once
#include "engine/base/time.hpp"
#include "engine/runtime/effects.hpp"
#include "engine/store/store.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace kindred::runtime {

/// How the store does, as far as intake must know.
enum class store_health {
    good = 1,
    struggling,  ///< a batch is being retried: nothing is acknowledged, nothing new is taken in
    gave_up,     ///< fenced, or struggling for too long: whoever writes must start over from what is durable
    broken,      ///< the disk lied: the process must end and recover at its next start
};

struct committer_settings {
    duration retry_every = std::chrono::milliseconds{50};
    duration give_up_after = std::chrono::seconds{30};
};

/// Writes batches on a thread of its own, in order, as many at a time as the store takes with profit, each until its
/// outcome is known, and only then lets its effects go.
class committer {
public:
    /// `took` hears how long each commit took (of one batch or of several at a time), `became_idle` that the next batch
    /// can come; callbacks are on the store's thread.
    committer(store::store& durable, effect_sink& sink, committer_settings settings,
              std::function<void(std::chrono::nanoseconds)> took, std::function<void(store_health)> health_changed,
              std::function<void()> became_idle);
    ~committer();
    committer(const committer&) = delete;
    committer& operator=(const committer&) = delete;

    /// Sleeps until the last batch is settled, the store gave up or the committer stops.
    store_health wait_until_idle();
    /// Whether a batch that is handed over now is written at once.
    bool idle() const;
    /// Whether it is of use to hand over a batch while others are being written: the store then has it with the next.
    bool has_room() const;
    void hand_over(store::batch changes, effects then);
    store_health health() const { return health_.load(); }
    /// Drops what is waiting, effects unreleased, and works again. The writer calls it when it starts over.
    void start_over();
    /// Waits until everything handed over is settled, or the store gave up. False when `patience` ran out.
    bool settle(duration patience);
    void stop();

private:
    struct work {
        std::shared_ptr<const store::batch> changes;
        effects then;
    };
    void run();
    std::deque<work> take_waiting();
    void settle_all(std::deque<work> next);
    bool commit_first_of(std::deque<work>& next);
    bool waits_to_retry(const store::commit_outcome& failed, bool in_time);
    void release(effects then);
    void become(store_health health);

    store::store& durable_;
    effect_sink& sink_;
    const committer_settings settings_;
    const std::size_t at_once_;  ///< batches
    std::function<void(std::chrono::nanoseconds)> took_;
    std::function<void(store_health)> health_changed_;
    std::function<void()> became_idle_;
    std::atomic<store_health> health_{store_health::good};
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<work> waiting_;
    bool busy_ = false;
    bool stopping_ = false;
    std::jthread thread_;  // last: it uses everything above
};

}  // namespace kindred::runtime
