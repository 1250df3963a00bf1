#pragma once
#include "engine/base/bounded_queue.hpp"
#include "engine/nodes/inbox_reader.hpp"

#include <functional>
#include <thread>

namespace kindred::nodes {

/// On the node that leads: what comes to it directly goes in behind all that any node had taken in, and acknowledged,
/// before. So a customer's messages keep their order on whichever nodes they arrive. Thread-safe.
class arrival_turns {
public:
    /// True: it is its turn. False: nobody can say, for Redis does not answer, or something that this node took in is
    /// not there yet; then it goes by way of the inbox itself.
    using turn = std::function<void(bool)>;

    /// Both must outlive it.
    arrival_turns(store::site_inbox& inbox, inbox_reader& reader);
    /// What waits is told false first.
    ~arrival_turns();
    arrival_turns(const arrival_turns&) = delete;
    arrival_turns& operator=(const arrival_turns&) = delete;

    /// Returns once all that had been taken in before is brought in, or `patience` is over.
    void let_others_in_first(std::chrono::milliseconds patience);
    /// `next` runs once, on a thread of this. False, and it does not run: too many wait.
    bool wait(turn next);

private:
    void run();
    bool have_all_been_let_in(std::chrono::milliseconds patience);

    store::site_inbox& inbox_;
    inbox_reader& reader_;
    bounded_queue<turn> waiting_;
    std::jthread thread_;  // last: it uses everything above
};

}  // namespace kindred::nodes
