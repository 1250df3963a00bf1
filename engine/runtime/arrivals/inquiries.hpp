#pragma once
#include "engine/base/time.hpp"
#include "engine/channel/inquiry.hpp"
#include "engine/http/client.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kindred::runtime {

/// Asks others what connectors have to know (channel::inquiry), and remembers the answers for as long as they are good.
/// What is being asked already is not asked a second time: whoever wants to know it shares the answer. Never blocks.
/// Thread-safe.
class inquiries {
public:
    struct limits {
        std::size_t remembered = 10'000;  ///< answers; the oldest are forgotten first
        std::size_t remembered_bytes = 8U << 20U;
        std::size_t on_their_way = 200;  ///< that somebody waits for; one more is answered "overloaded" at once
        std::size_t unhurried = 2;       ///< of ask_at_leisure() on their way at once
        std::size_t at_leisure = 1'000;  ///< that wait for their turn there
        duration failures_for = std::chrono::minutes{10};  ///< so long a failure at leisure is not asked about again
    };
    /// Starts a call; false when it is not taken.
    using caller = std::function<bool(http::http_call, http::client::done)>;
    /// Hears of each inquiry: "answered", "failed" by whom it was asked, "remembered", "joined", "overloaded".
    using observer = std::function<void(const std::string& channel, std::string_view outcome)>;
    using done = std::function<void(const channel::inquiry_answer&)>;
    using all_done = std::function<void(channel::inquiry_answers)>;

    inquiries(caller call, const clock& now, limits most, observer hears = {});
    inquiries(const inquiries&) = delete;
    inquiries& operator=(const inquiries&) = delete;

    /// `then` gets an answer to each, by its key: before ask() returns where all are remembered, else on a thread of
    /// the client. Failures are not remembered: who needs the answer asks again.
    void ask(const std::string& channel, const std::vector<channel::inquiry>& all, const all_done& then);

    /// Asks when few others of this kind are on their way. `then` gets the answer if there is one of 2xx that nobody
    /// has been given so far; a failure is remembered for a while, so that a missing permission is not asked about with
    /// every message.
    void ask_at_leisure(const std::string& channel, const channel::inquiry& one, done then);

    /// Asked and not answered yet, waiting ones included.
    std::size_t pending() const;

private:
    struct asked {
        std::vector<done> waiting;
        bool at_leisure = false;
    };
    struct remembered {
        channel::inquiry_answer answer;
        time_point until;
        std::list<std::string>::iterator place;
    };
    struct leisurely {
        std::string channel;
        channel::inquiry what;
        done then;
    };

    void ask_one(const std::string& channel, const channel::inquiry& one, done then);
    /// False: the client does not take it now.
    bool call(const std::string& channel, const std::string& key, const channel::inquiry& one);
    void settle(const std::string& channel, const std::string& key, duration good_for, channel::inquiry_answer answer);
    void go_on_at_leisure();
    std::optional<leisurely> next_at_leisure();
    /// All below: with the lock held.
    const channel::inquiry_answer* known(const std::string& key);
    void remember(const std::string& key, const channel::inquiry_answer& answer, duration good_for);
    void forget(const std::string& key);
    void hear(const std::string& channel, std::string_view outcome) const {
        if (observer_) observer_(channel, outcome);
    }

    const caller call_;
    const clock& now_;
    const limits most_;
    const observer observer_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, asked> asked_;  ///< by channel and key
    std::unordered_map<std::string, remembered> known_;
    std::list<std::string> by_age_;  ///< keys of known_, the oldest first
    std::size_t bytes_ = 0;
    std::deque<leisurely> at_leisure_;
    std::size_t unhurried_ = 0;
};

}  // namespace kindred::runtime
