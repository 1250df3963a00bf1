#include "engine/base/worker_pool.hpp"

#include "engine/base/log.hpp"

#include <exception>

namespace kindred {

worker_pool::worker_pool(std::size_t threads, std::size_t capacity) : queue_(capacity) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

worker_pool::~worker_pool() { stop(); }

bool worker_pool::try_post(std::function<void()> work) { return queue_.try_push(std::move(work)); }

void worker_pool::stop() {
    queue_.close();
    threads_.clear();
}

void worker_pool::run() {
    while (auto work = queue_.take_one()) {
        try {
            (*work)();
        } catch (const std::exception& bug) {
            log::error("work failed", {{"err", bug.what()}});
        }
    }
}

}  // namespace kindred
