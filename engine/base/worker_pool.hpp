#pragma once
#include "engine/base/bounded_queue.hpp"

#include <functional>
#include <thread>
#include <vector>

namespace kindred {

/// The one door for blocking work (database reads, password hashing): threads of its own behind a bounded queue.
/// Thread-safe. The destructor finishes what was taken in.
class worker_pool {
public:
    worker_pool(std::size_t threads, std::size_t capacity);
    ~worker_pool();
    worker_pool(const worker_pool&) = delete;
    worker_pool& operator=(const worker_pool&) = delete;

    /// False when the queue is full or the pool stops: the caller must refuse the work visibly.
    [[nodiscard]] bool try_post(std::function<void()> work);
    /// Takes no more work, finishes what waits and joins. Idempotent.
    void stop();

private:
    void run();
    bounded_queue<std::function<void()>> queue_;
    std::vector<std::jthread> threads_;
};

}  // namespace kindred
