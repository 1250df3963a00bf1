#pragma once
#include "engine/base/bounded_queue.hpp"
#include "engine/runtime/inputs.hpp"
#include "engine/store/store.hpp"

#include <thread>

namespace kindred::runtime {

/// Looks up what the writer needs from the store, in batches on a thread of its own, so that a read from disk never
/// holds up the writer. What needs no look-up passes straight through. Thread-safe.
class intake {
public:
    intake(store::store& durable, bounded_queue<input>& to_writer, std::size_t capacity);
    ~intake();
    intake(const intake&) = delete;
    intake& operator=(const intake&) = delete;

    /// False when there is no room: refuse visibly and try again later.
    [[nodiscard]] bool submit(input given);
    std::size_t waiting() const { return queue_.size(); }
    void stop();

private:
    void run();
    void look_up(std::vector<input>& batch);

    store::store& durable_;
    bounded_queue<input>& to_writer_;
    bounded_queue<input> queue_;
    std::jthread thread_;  // last: it uses everything above
};

}  // namespace kindred::runtime
