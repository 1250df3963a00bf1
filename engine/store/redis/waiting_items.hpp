#pragma once
#include "engine/store/redis/record_ring.hpp"
#include "engine/store/store.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <span>
#include <thread>

namespace kindred::store::redis {

/// What was taken in while Redis did not answer: on this node's disk, synced, before anybody is told so, and brought to
/// Redis in its order as soon as that answers. The same twice is no harm: a key is taken once. Thread-safe.
class waiting_items {
public:
    /// Is called on one thread, again and again until it succeeds.
    using bring = std::function<result<void>(std::span<const inbound_item>)>;

    /// `path`: what the name of its file begins with. `most_bytes`: of all that waits. `count`: where it is told how
    /// many there are.
    waiting_items(std::string path, std::size_t most_bytes, std::atomic<std::uint64_t>& count, bring to_redis);
    ~waiting_items();
    waiting_items(const waiting_items&) = delete;
    waiting_items& operator=(const waiting_items&) = delete;

    /// Goes on with what a process before has left. errc::io: the file cannot be made or read.
    result<void> open();
    bool empty() const { return count_.load(std::memory_order_acquire) == 0; }
    /// All of them or none; they have no position yet (0). errc::overloaded: there is no room; errc::io: the disk
    /// fails.
    result<std::vector<ingest_outcome>> take(std::span<const inbound_item> items);
    /// What waits stays on the disk. After it nothing is brought any more.
    void stop();

private:
    using key = std::pair<std::string, std::string>;
    void run(const std::stop_token& stop);
    void add_held(inbound_item item);

    const std::string path_;
    const std::size_t most_bytes_;
    const bring bring_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    record_ring file_;
    std::uint64_t next_ = 1;
    std::size_t bytes_ = 0;
    std::deque<inbound_item> items_;
    std::set<key> keys_;
    std::atomic<std::uint64_t>& count_;
    std::jthread thread_;  // last: it uses the fields above
};

}  // namespace kindred::store::redis
