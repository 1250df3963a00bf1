#pragma once
#include "engine/base/worker_pool.hpp"
#include "engine/http/client.hpp"
#include "engine/runtime/arrivals/intake.hpp"
#include "engine/runtime/committer.hpp"
#include "engine/runtime/desks/chat_hub.hpp"
#include "engine/runtime/desks/desk_hub.hpp"
#include "engine/runtime/metrics.hpp"
#include "engine/runtime/sending/event_sender.hpp"
#include "engine/runtime/sending/file_keeper.hpp"
#include "engine/runtime/sending/outbox.hpp"
#include "engine/runtime/writer.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

namespace kindred::runtime {

class inquiries;
class waiting_room;

struct site_settings {
    std::size_t intake_capacity = 8'192;  ///< inputs waiting to be looked up; beyond that intake pushes back
    std::size_t writer_capacity = 8'192;
    std::size_t readers = 2;  ///< threads for blocking reads on behalf of the API
    std::size_t reads_waiting = 1'000;
    committer_settings commits;
    writer_settings writing;
    http::client_settings calls;
    file_settings files;
    std::vector<event_subscription> events;
};

/// What a site is made of beside its settings. The references must outlive it.
struct site_parts {
    store::store& durable;
    const clock& now;
    rules::ruleset rules;  ///< to start with
    std::string rules_author;
    std::string rules_folder;  ///< hash of the configured folder as it was at the start; empty: not looked at
    channel_directory channels;
    std::vector<person> seed;              ///< people whom the store does not know yet, by login; ids are 0
    std::function<void()> disk_is_broken;  ///< the process must end: called once, from the store's thread
    reading_models understanding;
    store::file_place* files = nullptr;  ///< where the bytes of files are; none: in the settings' folder
};

/// One contact centre at work: owns the threads of the way of a contact and joins them in its order.
/// Every member may be called from any thread.
class site final : private effect_sink {
public:
    /// Loads what is durable and starts. On errors nothing runs.
    static result<std::unique_ptr<site>> start(site_parts parts, const site_settings& settings);
    ~site() override;
    site(const site&) = delete;
    site& operator=(const site&) = delete;

    /// False when it cannot be taken now: say so and let it come again (503).
    [[nodiscard]] bool submit(input given);
    /// Whether what comes in now can be made durable.
    bool accepting() const { return !draining_ && health_ == store_health::good; }
    store_health health() const { return health_; }

    const channel_directory& channels() const { return channels_; }
    std::shared_ptr<const roster> people() const;
    rules::ruleset rules() const;
    store::store& durable() { return durable_; }
    const clock& now() const { return now_; }
    desk_hub& desks() { return desks_; }
    chat_hub& chats() { return chats_; }
    metrics& figures() { return metrics_; }
    const std::vector<event_subscription>& subscriptions() const { return events_.subscriptions(); }
    file_keeper& files() { return files_; }
    /// What connectors want to know from elsewhere is asked here.
    inquiries& asking() { return *inquiries_; }
    /// Where requests are that wait for an answer.
    waiting_room& waiting() { return *waiting_room_; }
    /// Asks a provider something that changes nothing (channel::checkup), by HTTP or SMTP: beside the outbox, and
    /// beside its limits. `then` runs once, as http::client::submit() says; false: it does not, too much is asked.
    [[nodiscard]] bool ask_provider(channel::provider_call wanted, http::client::done then);
    /// How sending to providers stands.
    outbox::standing sending() const { return outbox_.stands(); }
    /// For reads from the store and other blocking work.
    worker_pool& blocking() { return blocking_; }

    /// Begins no further message to a provider, and waits until what became of those on their way is durable. False:
    /// of some it is not when `patience` is over; they are sent again, under the same keys, by whoever goes on.
    bool settle_sending(duration patience);
    /// Takes nothing more in, and waits until what was taken is decided and durable. False: it is not when `patience`
    /// is over. Idempotent; drain() is still to come.
    bool finish_deciding(duration patience);
    /// Takes nothing more in, finishes what was taken, stops sending. What is left in the outbox goes on at the next
    /// start. Idempotent.
    void drain(duration patience);

private:
    site(site_parts parts, const site_settings& settings);
    void publish(const desk_frame& frame) override;
    void fetch(const file_wish& wanted) override { files_.fetch(wanted); }
    void deliver_events() override { events_.wake(); }
    void send(store::outbox_row message) override { outbox_.add(std::move(message)); }
    void withdraw(const withdrawal& taken_back) override { outbox_.withdraw(taken_back.message, taken_back.reason); }
    void changed(store_health health);
    /// On the store's thread, between batches: forgets keys and sessions whose time is over, a bounded stretch at once.
    void trim_when_due();
    void first_step(step& in, const std::vector<person>& seed, const std::string& author, const std::string& folder);

    store::store& durable_;
    const clock& now_;
    channel_directory channels_;
    std::function<void()> disk_is_broken_;
    std::atomic<bool> draining_{false};
    std::atomic<bool> drained_{false};
    bool has_decided_all_ = false;
    std::atomic<store_health> health_{store_health::good};
    time_point next_trim_;
    mutable std::mutex published_mutex_;
    published_state published_;
    metrics metrics_;
    desk_hub desks_;
    worker_pool blocking_;
    bounded_queue<input> to_writer_;
    at_hand at_hand_;
    http::client calls_;
    http::client asking_;  ///< of its own, so that a slow answer holds up no message
    std::unique_ptr<inquiries> inquiries_;
    file_keeper files_;
    event_sender events_;
    outbox outbox_;
    chat_hub chats_;
    committer committer_;
    writer writer_;
    intake intake_;  // feeds everything above
    std::unique_ptr<waiting_room> waiting_room_;
};

}  // namespace kindred::runtime
