#include "engine/load/generator.hpp"

#include "engine/load/connection.hpp"
#include "engine/load/schedule.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

namespace kindred::load {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using steady = std::chrono::steady_clock;

// Below this distance requests leave in groups: a wake-up for each would cost more than what it measures. Waiting for
// the group counts as latency.
constexpr std::chrono::microseconds least_sleep{200};
constexpr std::chrono::milliseconds look_for_late_answers_every{50};
constexpr std::chrono::seconds connect_within{5};

/// One load from its first connection to its last answer.
class generator final : public connection_owner {
public:
    generator(const load_plan& plan, const tcp::endpoint& to)
        : plan_(plan),
          schedule_(plan.rate,
                    std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(plan.seconds))),
          traffic_(plan.to, plan.traffic),
          departure_(context_),
          inspection_(context_) {
        for (unsigned i = 0; i < plan.connections; ++i) connections_.emplace_back(context_, to, *this);
        made_.target = plan.to.url();
        made_.rate = plan.rate;
        made_.seconds = plan.seconds;
        made_.connections = plan.connections;
        made_.due = schedule_.total();
    }

    result<report> run() {
        for (auto& each : connections_) each.open();
        inspection_.expires_after(connect_within);
        inspection_.async_wait([this](error_code cancelled) {
            if (!cancelled && !begun_) fail_to_connect("not every connection could be made within 5 s");
        });
        context_.run();
        if (failed_) return *failed_;
        return made_;
    }

private:
    // connection_owner
    void on_ready(connection& free) override {
        free_.push_back(&free);
        if (begun_)
            send_what_is_due();
        else if (free_.size() == connections_.size())
            begin();
    }

    void on_answer(connection& from, unsigned status) override {
        const auto now = steady::now();
        ++made_.by_status[status];
        made_.latency.add(now - from.due());
        settle_one(now);
    }

    void on_lost(connection& which, bool had_request, const std::string& why) override {
        if (!begun_) return fail_to_connect(why);
        std::erase(free_, &which);
        if (!had_request) return;
        ++made_.lost;
        settle_one(steady::now());
    }

    void fail_to_connect(const std::string& why) {
        failed_ = fail(errc::unavailable, plan_.to.url() + ": " + why);
        end();
    }

    void begin() {
        begun_ = true;
        begin_ = steady::now();
        inspection_.cancel();
        inspect();
        send_what_is_due();
        sleep();
    }

    /// Until the next request is due.
    void sleep() {
        const auto due = schedule_.due_by(steady::now() - begin_);
        if (due == schedule_.total()) return;
        departure_.expires_at(std::max(begin_ + schedule_.due(due), steady::now() + least_sleep));
        departure_.async_wait([this](error_code cancelled) {
            if (cancelled) return;
            send_what_is_due();
            sleep();
        });
    }

    void send_what_is_due() {
        const auto due = schedule_.due_by(steady::now() - begin_);
        while (next_ < due && !free_.empty()) {
            auto& through = *free_.front();
            free_.pop_front();
            const auto was_due = begin_ + schedule_.due(next_);
            const auto request = traffic_.compose(next_++);
            made_.lateness.add(steady::now() - was_due);
            through.send(request, was_due);
        }
        if (next_ == due) return;
        made_.most_waiting = std::max(made_.most_waiting, due - next_);
        made_.held_up += due - std::max(next_, held_up_until_);
        held_up_until_ = due;
    }

    /// Gives up what has waited for its answer, or for a connection, for too long.
    void inspect() {
        const auto now = steady::now();
        const auto too_late = now - plan_.answer_within;
        while (next_ < schedule_.total() && begin_ + schedule_.due(next_) < too_late) {
            made_.latency.add(now - (begin_ + schedule_.due(next_)));
            ++next_;
            ++made_.not_sent;
            settle_one(now);
        }
        for (auto& each : connections_) {
            if (!each.busy() || each.due() >= too_late) continue;
            made_.latency.add(now - each.due());
            ++made_.timed_out;
            each.renew();
            settle_one(now);
        }
        if (context_.stopped()) return;
        inspection_.expires_after(look_for_late_answers_every);
        inspection_.async_wait([this](error_code cancelled) {
            if (!cancelled) inspect();
        });
    }

    void settle_one(steady::time_point now) {
        made_.lasted = now - begin_;
        if (++settled_ == schedule_.total()) end();
    }

    void end() {
        for (auto& each : connections_) each.close();
        context_.stop();
    }

    const load_plan& plan_;
    asio::io_context context_{1};
    const schedule schedule_;
    webhook_traffic traffic_;
    std::deque<connection> connections_;
    std::deque<connection*>
        free_;  // the one that has rested longest is next: all of them are in use, as a provider's are
    asio::steady_timer departure_;
    asio::steady_timer inspection_;

    bool begun_ = false;
    steady::time_point begin_;
    std::uint64_t next_ = 0;           ///< the request that leaves next
    std::uint64_t settled_ = 0;        ///< answered or given up
    std::uint64_t held_up_until_ = 0;  ///< from here on nobody has been counted as held up
    report made_;
    std::optional<error> failed_;
};

}  // namespace

result<report> run_load(const load_plan& plan) {
    asio::io_context context;
    tcp::resolver resolver(context);
    error_code failed;
    const auto found = resolver.resolve(plan.to.host, std::to_string(plan.to.port), failed);
    if (failed || found.empty()) return fail(errc::unavailable, plan.to.url() + ": " + failed.message());
    // "localhost" has two addresses, and a server listens on one of them.
    result<report> last = fail(errc::unavailable, plan.to.url() + ": no address");
    for (const auto& each : found) {
        generator one(plan, each.endpoint());
        last = one.run();
        if (last) break;
    }
    return last;
}

}  // namespace kindred::load
