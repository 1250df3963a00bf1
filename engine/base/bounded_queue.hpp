#pragma once
#include "engine/base/time.hpp"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace kindred {

/// Values from many threads to one, with a bound that pushes back. The consumer takes everything at once, so that a
/// hand-over costs one lock for a whole batch. Thread-safe.
template <class T>
class bounded_queue {
public:
    explicit bounded_queue(std::size_t capacity) : capacity_(capacity) {}

    /// False when the queue is full or closed: the caller must refuse the work visibly. The value is then untouched.
    [[nodiscard]] bool try_push(T& item) {
        {
            const std::lock_guard hold(mutex_);
            if (closed_ || waiting_.size() >= capacity_) return false;
            waiting_.push_back(std::move(item));
            if (!consumer_asleep_) return true;
            consumer_asleep_ = false;
        }
        filled_.notify_one();
        return true;
    }
    [[nodiscard]] bool try_push(T&& item) { return try_push(item); }

    /// Sleeps until there is room. False only when the queue is closed.
    [[nodiscard]] bool push(T&& item) {
        {
            std::unique_lock hold(mutex_);
            drained_.wait(hold, [&] { return closed_ || waiting_.size() < capacity_; });
            if (closed_) return false;
            waiting_.push_back(std::move(item));
            if (!consumer_asleep_) return true;
            consumer_asleep_ = false;
        }
        filled_.notify_one();
        return true;
    }

    /// The same for many, in their order: the consumer is woken once there are as many of them as fit.
    [[nodiscard]] bool push_all(std::vector<T>&& items) {
        for (auto next = items.begin(); next != items.end();) {
            bool wake = false;
            {
                std::unique_lock hold(mutex_);
                drained_.wait(hold, [&] { return closed_ || waiting_.size() < capacity_; });
                if (closed_) return false;
                while (next != items.end() && waiting_.size() < capacity_) waiting_.push_back(std::move(*next++));
                wake = std::exchange(consumer_asleep_, false);
            }
            if (wake) filled_.notify_one();
        }
        return true;
    }

    /// Takes all that waits, sleeping until there is something, `until` has passed or the queue is closed.
    /// An empty answer with closed() true means that nothing will come any more.
    template <class Clock, class Duration>
    std::vector<T> take_all(std::chrono::time_point<Clock, Duration> until) {
        std::unique_lock hold(mutex_);
        while (waiting_.empty() && !closed_) {
            consumer_asleep_ = true;
            if (filled_.wait_until(hold, until) == std::cv_status::timeout) break;
        }
        return hand_over();
    }
    std::vector<T> take_all() {
        std::unique_lock hold(mutex_);
        while (waiting_.empty() && !closed_) {
            consumer_asleep_ = true;
            filled_.wait(hold);
        }
        return hand_over();
    }

    /// The oldest value, for queues with several consumers; nothing once the queue is closed and empty.
    std::optional<T> take_one() {
        std::optional<T> taken;
        bool more = false;
        {
            std::unique_lock hold(mutex_);
            while (waiting_.empty() && !closed_) {
                consumer_asleep_ = true;
                filled_.wait(hold);
            }
            if (waiting_.empty()) return taken;
            taken = std::move(waiting_.front());
            waiting_.erase(waiting_.begin());
            // Another consumer may still sleep: the next push must wake it.
            consumer_asleep_ = true;
            more = !waiting_.empty();
        }
        // What was pushed before this consumer woke has woken nobody else.
        if (more) filled_.notify_one();
        drained_.notify_one();
        return taken;
    }

    /// No more values are taken in; what waits can still be taken out.
    void close() {
        {
            const std::lock_guard hold(mutex_);
            closed_ = true;
        }
        filled_.notify_all();
        drained_.notify_all();
    }
    bool closed() const {
        const std::lock_guard hold(mutex_);
        return closed_;
    }
    std::size_t size() const {
        const std::lock_guard hold(mutex_);
        return waiting_.size();
    }

private:
    std::vector<T> hand_over() {
        consumer_asleep_ = false;
        const bool was_full = waiting_.size() >= capacity_;
        auto taken = std::exchange(waiting_, {});
        // Mostly as many come again: in room that is there at once nobody who pushes has to make it.
        waiting_.reserve(taken.size());
        if (was_full) drained_.notify_all();
        return taken;
    }

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::condition_variable drained_;
    std::vector<T> waiting_;
    bool consumer_asleep_ = false;
    bool closed_ = false;
};

}  // namespace kindred
