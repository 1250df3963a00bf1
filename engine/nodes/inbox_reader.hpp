#pragma once
#include "engine/nodes/figures.hpp"
#include "engine/runtime/arrivals/quarantine.hpp"
#include "engine/store/redis/site_inbox.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <thread>

namespace kindred::nodes {

/// On the node that leads: brings in what any node has taken in and nobody has decided, from before its time and as it
/// comes, in its order, until each is decided. Twice is no harm: a key decides once.
class inbox_reader {
public:
    /// Has one decided; what is given along runs once: true when it is, or was before; false when it has to be brought
    /// again.
    using bring = std::function<void(const runtime::quarantined&, std::function<void(bool)>)>;

    /// `from` and `figures` must outlive it. `to` is called on one thread.
    inbox_reader(store::site_inbox& from, bring to, nodes::figures& figures);
    ~inbox_reader();
    inbox_reader(const inbox_reader&) = delete;
    inbox_reader& operator=(const inbox_reader&) = delete;

    /// True once all up to that position of the inbox has been brought in; false when `patience` is over, or this
    /// stops.
    bool wait_until_read(std::uint64_t position, std::chrono::milliseconds patience);
    /// Nothing is brought in any more, and nobody waits. Idempotent.
    void stop();

private:
    struct under_way;

    void run(const std::stop_token& stop);
    void read(const std::stop_token& stop);
    void begin(const store::inbox_page& found);
    void look_again();
    void let_go();

    store::site_inbox& from_;
    const bring to_;
    nodes::figures& figures_;
    const std::shared_ptr<under_way> under_way_;  ///< outlives this: answers may come when it has gone
    std::uint64_t after_ = 0;                     ///< of its thread alone, as are the next
    bool has_looked_ = false;
    std::set<std::uint64_t> left_alone_;  ///< places of what cannot be read
    std::jthread thread_;                 // last: it uses everything above
};

}  // namespace kindred::nodes
