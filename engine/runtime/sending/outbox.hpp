#pragma once
#include "engine/base/time.hpp"
#include "engine/http/client.hpp"
#include "engine/runtime/channels.hpp"
#include "engine/runtime/desks/chat_hub.hpp"
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/sending/send_gates.hpp"
#include "engine/store/rows.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace kindred::runtime {

/// When a message is tried again after `attempts` tries: 1 s, doubled up to 10 minutes, and never sooner than the
/// provider asked for.
duration back_off(std::uint32_t attempts, std::optional<duration> retry_after);

/// Whether a message that could not be sent for so long, or so often, is given up visibly.
bool worth_another_try(std::uint32_t attempts, duration age);

/// Sends what is durable, in order per ticket, until each message is delivered or has visibly failed. Thread-safe.
class outbox {
public:
    /// Reports what became of a message; false when it cannot be taken now, then it is reported again later.
    using report = std::function<bool(delivery_report)>;

    outbox(const channel_directory& channels, http::client& calls, const clock& now, report tell);
    ~outbox();
    outbox(const outbox&) = delete;
    outbox& operator=(const outbox&) = delete;

    /// A message that is here already, read again from the store, is not added twice; when the report on it was lost
    /// it is sent again.
    void add(store::outbox_row message);
    /// Messages for a visitor who was away can go now.
    void visitor_arrived(const std::string& channel, const std::string& visitor);
    /// Where messages for web chats go.
    void connect(chat_hub& chats);
    /// Gives messages their files before they go. Without it a message with files fails.
    void connect(std::function<result<void>(channel::outgoing&)> load_files);
    /// Hears of circuits that open and close, and of messages kept back ("rate_limit", "retry_after", "circuit").
    struct observer {
        std::function<void(const std::string& host, circuit_state)> circuit;
        std::function<void(const std::string& channel, std::string_view why)> kept_back;
    };
    void observe(observer hears);
    /// The message fails with this reason instead of being tried (again). What is on its way is not called back.
    void withdraw(outbox_id message, const std::string& reason);
    std::size_t pending() const;

    /// How sending stands, for people.
    struct standing {
        struct of_channel {
            std::size_t pending = 0;
            std::optional<time_point> paused_until;
        };
        std::map<std::string, of_channel> channels;  ///< those with something pending or paused
        std::vector<send_gates::circuit> circuits;
    };
    standing stands() const;
    /// Begins nothing more, and waits until what became of messages on their way is on record. False: of some it is not
    /// when `patience` is over.
    bool settle(duration patience);
    /// Sends nothing more and joins. What is on its way may still be reported.
    void stop();

private:
    enum class lane_state { ready = 1, on_its_way, reported, parked };
    struct lane {
        std::deque<store::outbox_row> messages;
        lane_state state = lane_state::ready;
        time_point due;
        std::string visitor;  ///< of a parked lane
    };

    void run();
    std::optional<store::outbox_row> next_due(std::unique_lock<std::mutex>& hold);
    const std::optional<rate>& rate_of(const std::string& channel) const;
    /// The lane is tried again then; that this one was not tried does not count as a try.
    void keep_back(const store::outbox_row& message, time_point until, std::string_view why);
    std::optional<std::string> withdrawn(outbox_id message) const;
    void note_call(const std::string& host, const std::string& channel, const result<http::client_response>& answered,
                   const channel::delivery& became);
    void attempt(const store::outbox_row& message);
    void push_to_chat(const store::outbox_row& message, const channel::provider_call& call);
    /// A message on its way: what the provider has answered so far, of messages that take several calls.
    struct journey;
    void call_out(std::shared_ptr<journey> of, channel::provider_call call);
    void answered(const std::shared_ptr<journey>& of, const result<http::client_response>& got);
    void finished(const store::outbox_row& message, channel::delivery became);
    void settled(ticket_id of, outbox_id message, const channel::delivery& became, std::uint32_t attempts);

    const channel_directory& channels_;
    http::client& calls_;
    const clock& now_;
    report tell_;
    chat_hub* chats_ = nullptr;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<ticket_id, lane> lanes_;
    send_gates gates_;
    std::map<outbox_id, std::string> withdrawn_;
    std::function<result<void>(channel::outgoing&)> load_files_;
    observer observer_;
    bool settles_ = false;
    bool stopping_ = false;
    std::jthread thread_;  // last: it uses everything above
};

}  // namespace kindred::runtime
