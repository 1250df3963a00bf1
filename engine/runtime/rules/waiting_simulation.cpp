#include "engine/runtime/rules/waiting_simulation.hpp"

#include "engine/routing/plan.hpp"
#include "engine/simulation/centre.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr duration patience_after_the_last = std::chrono::days{1};

/// Arrivals that were recorded, each in a queue that is decided already.
class recorded_source final : public simulation::arrival_source {
public:
    recorded_source(const rules::ruleset& rules, const std::vector<simulated_arrival>& arrivals)
        : rules_(rules), arrivals_(arrivals) {}

    std::optional<time_point> next() const override {
        if (next_ == arrivals_.size()) return std::nullopt;
        return arrivals_[next_].at;
    }
    simulation::arrival take(const rules::queue_board&) override {
        const auto& recorded = arrivals_[next_];
        dispatch::enqueue told;
        told.kind = recorded.kind;
        told.cost = static_cast<std::uint32_t>(std::max(1, rules_.cost_of(recorded.kind)));
        told.plan = recorded.plan;
        told_ = std::move(told);
        return {&told_, recorded.handling, std::nullopt, static_cast<std::uint32_t>(next_++)};
    }

private:
    const rules::ruleset& rules_;
    const std::vector<simulated_arrival>& arrivals_;
    dispatch::command told_;
    std::size_t next_ = 0;
};

class waits_by_queue final : public simulation::observer {
public:
    explicit waits_by_queue(const std::vector<simulated_arrival>& arrivals) : arrivals_(arrivals) {}

    void stopped_waiting(std::uint32_t what, time_point, duration waited, simulation::ending how) override {
        auto& queue = queues_[arrivals_[what].plan.queue];
        ++queue.arrived;
        if (how == simulation::ending::refused)
            ++queue.refused;
        else
            queue.all.push_back(waited);
    }
    void never_served(std::uint32_t what, duration waited) {
        auto& queue = queues_[arrivals_[what].plan.queue];
        ++queue.arrived;
        ++queue.unserved;
        queue.all.push_back(waited);
    }

    std::map<std::string, simulated_waits> figures() {
        std::map<std::string, simulated_waits> made;
        for (auto& [name, queue] : queues_) made.emplace(name, figures_of(queue));
        return made;
    }

private:
    struct queue_waits {
        std::size_t arrived = 0;
        std::size_t refused = 0;
        std::size_t unserved = 0;
        std::vector<duration> all;
    };

    static simulated_waits figures_of(queue_waits& of) {
        simulated_waits into;
        into.arrived = of.arrived;
        into.refused = of.refused;
        into.unserved = of.unserved;
        if (of.all.empty()) return into;
        std::sort(of.all.begin(), of.all.end());
        duration sum{0};
        for (const auto each : of.all) sum += each;
        into.mean = sum / static_cast<std::int64_t>(of.all.size());
        const auto percentile = [&](std::size_t percent) { return of.all[(of.all.size() - 1) * percent / 100]; };
        into.p50 = percentile(50);
        into.p95 = percentile(95);
        into.p99 = percentile(99);
        into.longest = of.all.back();
        return into;
    }

    const std::vector<simulated_arrival>& arrivals_;
    std::map<std::string, queue_waits> queues_;
};

/// Agents by their place, as a simulation numbers them.
std::vector<simulation::staff> staff_of(const std::vector<dispatch::upsert_agent>& agents) {
    std::vector<simulation::staff> all;
    for (const auto& each : agents) {
        all.push_back({each, nullptr});
        all.back().who.agent = agent_id{all.size()};
    }
    return all;
}

}  // namespace

std::map<std::string, simulated_waits> simulate_waiting(const rules::ruleset& rules,
                                                        const std::vector<dispatch::upsert_agent>& agents,
                                                        const std::vector<simulated_arrival>& arrivals) {
    if (arrivals.empty()) return {};
    recorded_source source(rules, arrivals);
    waits_by_queue seen(arrivals);
    const auto staff = staff_of(agents);
    simulation::centre site(rules, routing::to_command(rules), staff, {}, arrivals.front().at, source, seen);
    site.run_until(arrivals.back().at + patience_after_the_last);
    for (const auto& [what, came] : site.still_waiting()) seen.never_served(what, site.now() - came);
    return seen.figures();
}

}  // namespace kindred::runtime
