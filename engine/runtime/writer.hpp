#pragma once
#include "engine/base/bounded_queue.hpp"
#include "engine/runtime/arrivals/at_hand.hpp"
#include "engine/runtime/arrivals/sent_back.hpp"
#include "engine/runtime/committer.hpp"
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/metrics.hpp"
#include "engine/runtime/sending/deliveries.hpp"
#include "engine/runtime/step.hpp"

#include <array>
#include <functional>
#include <memory>
#include <thread>

namespace kindred::runtime {

struct writer_settings {
    duration lease = std::chrono::seconds{30};         ///< how long a vanished desk keeps its offers
    duration figures_every = std::chrono::seconds{1};  ///< at most so often queue figures are pushed to desks
    duration audit_every = std::chrono::seconds{60};
    /// Sees every record before it is taken in; what it throws is as a bug in taking that record. For fault tests.
    std::function<void(const channel::record&)> rehearse = {};
};

/// What other threads may see of the writer's world: replaced whole, never changed.
struct published_state {
    std::shared_ptr<const roster> people;
    std::optional<rules::ruleset> rules;
};

/// Rebuilds the world from what is durable.
using world_source = std::function<result<std::unique_ptr<world>>(start_state&)>;

/// What the writer and intake share. Outlives both.
struct writer_links {
    bounded_queue<input>& inputs;
    at_hand& known;
    /// Takes a delivery back to intake, to be looked up and to come again; false when there is no room.
    std::function<bool(delivery)> look_up_again;
    /// How many batches the store has committed.
    std::function<std::uint64_t()> committed;
};

/// The one thread that decides: takes inputs in order, fires timers, and hands finished batches to the committer.
class writer {
public:
    writer(const clock& now, writer_links links, committer& commits, metrics& figures, world_source source,
           std::function<void(published_state)> publish, writer_settings settings);
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    /// Loads the world, takes the first step, in which `first` runs before anything else, and starts deciding.
    result<void> start(const std::function<void(step&)>& first);
    /// Takes what is already queued, then ends. Join before the committer stops.
    void stop();

private:
    void run();
    bool load();
    void start_over();
    std::vector<input> next_inputs(duration patience);
    bool take_all(step& in, std::vector<input>& batch);
    void quarantine_poison(step& in);
    void take(step& in, input& given);
    void take(step& in, delivery& given);
    void take(step& in, rules_change& given);
    void forget(std::uint64_t as_of);
    bool has_at_hand(const delivery& given);
    void send_back(step& in, delivery& given);
    void note_at_hand(const delivery& given, std::size_t record, ticket_id ticket);
    void fire_timers(step& in);
    void push_figures(step& in);
    void audit(const step& in);
    void finish(step& in);
    std::optional<time_point> next_due() const;

    const clock& now_;
    bounded_queue<input>& inputs_;
    at_hand& at_hand_;
    sent_back sent_back_;
    std::function<bool(delivery)> look_up_again_;
    std::function<std::uint64_t()> committed_;
    const time_point started_at_;
    committer& commits_;
    metrics& metrics_;
    world_source source_;
    std::function<void(published_state)> publish_;
    const writer_settings settings_;
    std::array<unsigned char, 16> incarnation_{};
    std::unique_ptr<world> world_;
    start_state started_;
    std::function<void(step&)> first_;
    std::uint64_t keys_forgotten_ = 0;  ///< those of so many commits are known to the store alone
    std::uint64_t keys_stored_ = 0;     ///< those of so many more will be
    std::chrono::steady_clock::time_point keys_stored_since_;
    std::chrono::steady_clock::time_point handed_over_;
    time_point figures_pushed_;
    time_point audited_;
    bool figures_due_ = false;
    std::optional<delivery> poison_;  ///< a step failed by it; what went wrong stands in `poison_error_`
    std::string poison_error_;
    std::jthread thread_;  // last: it uses everything above
};

}  // namespace kindred::runtime
