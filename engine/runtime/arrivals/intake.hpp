#pragma once
#include "engine/base/bounded_queue.hpp"
#include "engine/runtime/arrivals/at_hand.hpp"
#include "engine/runtime/arrivals/contact_reader.hpp"
#include "engine/runtime/inputs.hpp"
#include "engine/store/store.hpp"

#include <atomic>
#include <functional>
#include <thread>

namespace kindred::runtime {

/// Looks up what the writer needs from the store, in batches on a thread of its own, so that a read from disk never
/// holds up the writer, and finds out what contacts say. What needs no look-up passes straight through. Thread-safe.
class intake {
public:
    /// `active_rules` gives the rules that contacts will meet, or nearly so: they may change on the way. `started`:
    /// when the engine did. `keep_files` makes the files of a delivery durable; false: it cannot be taken in now.
    intake(store::store& durable, bounded_queue<input>& to_writer, at_hand& known, std::size_t capacity,
           reading_models models, std::function<rules::ruleset()> active_rules, time_point started,
           std::function<bool(delivery&)> keep_files);
    ~intake();
    intake(const intake&) = delete;
    intake& operator=(const intake&) = delete;

    /// False when there is no room: refuse visibly and try again later.
    [[nodiscard]] bool submit(input given);
    std::size_t waiting() const { return queue_.size(); }
    void stop();

private:
    void run();
    /// Whether nothing about it has to be looked up; then it is as ready for the writer as intake makes the others.
    bool goes_straight_on(delivery& arrived);
    bool let_in(input& given);
    void look_at_hand(delivery& arrived);
    void look_up(std::vector<input>& batch);
    /// What the answers say is to be looked up besides.
    void look_up_surveyed(std::vector<input>& batch);
    void look_further(delivery& arrived);
    void read_contacts(std::vector<input>& batch);

    store::store& durable_;
    bounded_queue<input>& to_writer_;
    at_hand& at_hand_;
    bounded_queue<input> queue_;
    contact_reader reader_;
    std::function<rules::ruleset()> active_rules_;
    const time_point started_;
    std::function<bool(delivery&)> keep_files_;
    std::atomic<std::size_t> on_their_way_{0};  ///< let in, and not with the writer yet
    std::jthread thread_;                       // last: it uses everything above
};

}  // namespace kindred::runtime
