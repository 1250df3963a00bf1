#pragma once
#include "engine/base/time.hpp"
#include "engine/http/client.hpp"
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/sending/events.hpp"
#include "engine/store/store.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

namespace kindred::runtime {

/// Delivers events that are on record as Standard Webhooks, each until it is taken (2xx) or given up. Events are not
/// held back by earlier ones that fail. Thread-safe.
class event_sender {
public:
    using submit = std::function<bool(input)>;
    /// "delivered", "retried", "dead"; once for each attempt that ended so.
    using counted = std::function<void(const std::string& subscription, std::string_view outcome)>;

    event_sender(std::vector<event_subscription> subscriptions, http::client& calls, store::store& durable,
                 const clock& now, submit to_writer, counted count);
    ~event_sender();
    event_sender(const event_sender&) = delete;
    event_sender& operator=(const event_sender&) = delete;

    /// Begins its work: once, after the store was loaded.
    void begin();

    const std::vector<event_subscription>& subscriptions() const { return subscriptions_; }
    /// There is something to deliver. Returns at once.
    void wake();
    void stop();

private:
    void run();
    time_point deliver_due();
    /// Starts what is due of one kind of rows; gives when the first of the others is.
    time_point deliver_due(const event_subscription& to, std::string_view kind, time_point now);
    void attempt(const event_subscription& to, const store::kept_row& row);
    void ended(const event_subscription& to, const store::kept_row& row, outgoing_event event,
               const result<http::client_response>& got);
    void settle(const std::string& row, std::vector<store::kept_row> rows);

    const std::vector<event_subscription> subscriptions_;
    http::client& calls_;
    store::store& durable_;
    const clock& now_;
    submit to_writer_;
    counted count_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::set<std::string> in_flight_;  ///< rows, by kind and id
    bool wanted_ = true;
    bool stopping_ = false;
    std::jthread thread_;  // last: it uses everything above
};

/// Puts dead events of a subscription back (all, or the one of this row id), and lets it be called again after a 410.
/// At most 1,000 in one call; `done` gets how many once that is durable.
result<void> replay_dead_events(store::store& durable, const event_sender::submit& to_writer,
                                const std::string& subscription, const std::string& id, time_point now,
                                std::function<void(result<std::size_t>)> done);

}  // namespace kindred::runtime
