#pragma once
#include "engine/api/webhooks.hpp"
#include "engine/nodes/figures.hpp"
#include "engine/store/redis/redis.hpp"

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace kindred::nodes {

/// On the node that leads: brings in what any node has taken in and nobody has decided, from before its time and as it
/// comes, until each is decided. Twice is no harm: a key decides once.
class inbox_reader {
public:
    inbox_reader(store::shared_store& from, api::reception_desk& to, nodes::figures& figures);
    ~inbox_reader();
    inbox_reader(const inbox_reader&) = delete;
    inbox_reader& operator=(const inbox_reader&) = delete;

    /// Returns once all that had been taken in before is decided, or `patience` is over: who was told "received" then
    /// writes again, and must not overtake it.
    void wait_until_caught_up(std::chrono::milliseconds patience);

private:
    struct under_way;
    using items = std::vector<std::pair<std::uint64_t, store::inbound_item>>;

    void run(const std::stop_token& stop);
    std::uint64_t catch_up(const std::stop_token& stop);
    void begin(const items& found);
    void look_again(std::uint64_t& after);
    void let_go();

    store::shared_store& from_;
    api::reception_desk& to_;
    nodes::figures& figures_;
    const std::shared_ptr<under_way> under_way_;  ///< outlives this: answers may come when it has gone
    std::jthread thread_;                         // last: it uses everything above
};

}  // namespace kindred::nodes
