#include "engine/runtime/waiting_simulation.hpp"

#include "engine/dispatch/dispatcher.hpp"
#include "engine/runtime/calendar_watch.hpp"
#include "engine/runtime/plan.hpp"

#include <algorithm>
#include <queue>
#include <set>
#include <tuple>

namespace kindred::runtime {
namespace {

constexpr duration patience_after_the_last = std::chrono::days{1};

class simulation {
public:
    simulation(const rules::ruleset& rules, const std::vector<simulated_arrival>& arrivals)
        : rules_(rules), arrivals_(arrivals) {}

    std::map<std::string, simulated_waits> run(const std::vector<dispatch::upsert_agent>& agents) {
        if (arrivals_.empty()) return {};
        now_ = arrivals_.front().at;
        tell(to_command(rules_));
        for (const auto& change : calendars_.follow(rules_, now_)) follow(change);
        for (const auto& each : agents) {
            tell(each);
            tell(dispatch::set_presence{each.agent, dispatch::presence::available, {}});
        }
        const auto end = arrivals_.back().at + patience_after_the_last;
        while (const auto next = next_event()) {
            if (*next > end) break;
            now_ = std::max(now_, *next);
            happen();
        }
        now_ = end;
        return figures();
    }

private:
    struct talk {
        time_point ends;
        ticket_id ticket;
        bool operator>(const talk& other) const {
            return std::tuple(ends, ticket.value) > std::tuple(other.ends, other.ticket.value);
        }
    };

    std::optional<time_point> next_event() const {
        std::optional<time_point> soonest;
        const auto consider = [&](std::optional<time_point> at) {
            if (at && (!soonest || *at < *soonest)) soonest = at;
        };
        const bool over = next_arrival_ == arrivals_.size() && waiting_ == 0;
        if (over) return std::nullopt;
        if (next_arrival_ < arrivals_.size()) consider(arrivals_[next_arrival_].at);
        if (!talks_.empty()) consider(talks_.top().ends);
        consider(calendars_.next_due());
        consider(dispatch_.next_due());
        return soonest;
    }

    /// In the order of an engine's step: calendars, timers, what ends, what arrives.
    void happen() {
        for (const auto& change : calendars_.advance(rules_, now_)) follow(change);
        if (const auto due = dispatch_.next_due(); due && *due <= now_) tell(dispatch::tick{});
        while (!talks_.empty() && talks_.top().ends <= now_) {
            const auto ended = talks_.top().ticket;
            talks_.pop();
            tell(dispatch::resolve{ended, "simulated"});
        }
        while (next_arrival_ < arrivals_.size() && arrivals_[next_arrival_].at <= now_) arrive();
    }

    void arrive() {
        const auto& arrival = arrivals_[next_arrival_++];
        auto& queue = waits_[arrival.plan.queue];
        ++queue.arrived;
        dispatch::enqueue told;
        told.ticket = ticket_id{next_arrival_};
        told.kind = arrival.kind;
        told.cost = static_cast<std::uint32_t>(std::max(1, rules_.cost_of(arrival.kind)));
        told.plan = arrival.plan;
        ++waiting_;
        if (tell(told)) return;
        --waiting_;
        ++queue.refused;
    }

    void follow(const calendar_watch::change& change) {
        if (change.open)
            tell(dispatch::open_queue{change.queue});
        else
            tell(dispatch::close_queue{change.queue});
    }

    /// False when it is refused. Offers are accepted as they are made, which may lead to further ones.
    bool tell(const dispatch::command& told) {
        std::vector<dispatch::event> happened;
        if (!dispatch_.apply(told, now_, happened)) return false;
        for (const auto& each : happened)
            if (const auto* made = std::get_if<dispatch::offer_made>(&each)) accept(*made);
        return true;
    }

    void accept(const dispatch::offer_made& made) {
        std::vector<dispatch::event> happened;
        // Another agent may have accepted in the meantime: then this offer is gone.
        if (!dispatch_.apply(dispatch::accept{made.offer, made.agent}, now_, happened)) return;
        const auto& arrival = arrivals_[made.ticket.value - 1];
        waits_[arrival.plan.queue].all.push_back(now_ - arrival.at);
        served_.insert(made.ticket.value);
        --waiting_;
        talks_.push({now_ + arrival.handling, made.ticket});
        for (const auto& each : happened)
            if (const auto* more = std::get_if<dispatch::offer_made>(&each)) accept(*more);
    }

    struct queue_waits {
        std::size_t arrived = 0;
        std::size_t refused = 0;
        std::vector<duration> all;
    };

    std::map<std::string, simulated_waits> figures() {
        std::map<std::string, simulated_waits> made;
        for (std::size_t i = 0; i < arrivals_.size(); ++i) {
            const auto& arrival = arrivals_[i];
            const auto seen = dispatch_.ticket(ticket_id{i + 1}, now_);
            const bool unserved = !served_.contains(i + 1) && seen.has_value();
            if (!unserved) continue;
            ++made[arrival.plan.queue].unserved;
            waits_[arrival.plan.queue].all.push_back(now_ - arrival.at);
        }
        for (auto& [name, waits] : waits_) {
            auto& into = made[name];
            into.arrived = waits.arrived;
            into.refused = waits.refused;
            if (waits.all.empty()) continue;
            std::sort(waits.all.begin(), waits.all.end());
            duration sum{0};
            for (const auto each : waits.all) sum += each;
            into.mean = sum / static_cast<std::int64_t>(waits.all.size());
            const auto percentile = [&](std::size_t percent) {
                return waits.all[(waits.all.size() - 1) * percent / 100];
            };
            into.p50 = percentile(50);
            into.p95 = percentile(95);
            into.p99 = percentile(99);
            into.longest = waits.all.back();
        }
        return made;
    }

    const rules::ruleset& rules_;
    const std::vector<simulated_arrival>& arrivals_;
    dispatch::dispatcher dispatch_;
    calendar_watch calendars_;
    time_point now_;
    std::size_t next_arrival_ = 0;
    std::size_t waiting_ = 0;
    std::priority_queue<talk, std::vector<talk>, std::greater<>> talks_;
    std::set<std::uint64_t> served_;
    std::map<std::string, queue_waits> waits_;
};

}  // namespace

std::map<std::string, simulated_waits> simulate_waiting(const rules::ruleset& rules,
                                                        const std::vector<dispatch::upsert_agent>& agents,
                                                        const std::vector<simulated_arrival>& arrivals) {
    return simulation(rules, arrivals).run(agents);
}

}  // namespace kindred::runtime
