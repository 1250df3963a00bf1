#include "tests/simulation/support/told_waits.hpp"

#include "engine/routing/plan.hpp"
#include "engine/rules/ruleset.hpp"
#include "engine/simulation/random.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace kindred::simulation::testing_support {
namespace {

constexpr double one_stays = 0.05;

/// Who was told what; the number in the list is the contact's `what`.
struct note {
    std::size_t group = 0;
    bool stays = true;
    double told = -1;
};

class callers final : public arrival_source {
public:
    callers(const scene& of, time_point start, std::vector<note>& notes) : of_(of), start_(start), notes_(notes) {
        std::uint64_t number = 0;
        for (const auto& each : of.calls) {
            streams_.push_back({random_stream(of.seed, ++number), random_stream(of.seed, ++number),
                                random_stream(of.seed, ++number), 0});
            streams_.back().at += streams_.back().coming.exponential() / each.rate;
        }
    }
    std::optional<time_point> next() const override {
        return start_ + duration{static_cast<std::int64_t>(streams_[soonest()].at * 1'000)};
    }
    arrival take(const rules::queue_board&) override {
        const std::size_t number = soonest();
        stream& from = streams_[number];
        const caller_group& group = of_.calls[number];
        dispatch::enqueue told;
        told.kind = group.kind;
        told.cost = group.cost;
        told.plan = group.plan;
        told_ = told;
        arrival made;
        made.told = &told_;
        made.handling = millis(from.talking.exponential() * group.handling);
        const bool stays = !group.patience || from.bearing.unit() <= one_stays;
        const double patience = from.bearing.exponential() * group.patience.value_or(0);
        if (!stays) made.patience = millis(patience);
        made.what = static_cast<std::uint32_t>(notes_.size());
        notes_.push_back({number, stays, -1});
        from.at += from.coming.exponential() / group.rate;
        return made;
    }

private:
    struct stream {
        random_stream coming;
        random_stream talking;
        random_stream bearing;
        double at = 0;  ///< seconds from the start
    };
    std::size_t soonest() const {
        const auto first = std::min_element(streams_.begin(), streams_.end(),
                                            [](const auto& a, const auto& b) { return a.at < b.at; });
        return static_cast<std::size_t>(first - streams_.begin());
    }
    static duration millis(double seconds) { return duration{std::llround(seconds * 1'000)}; }

    const scene& of_;
    time_point start_;
    std::vector<note>& notes_;
    std::vector<stream> streams_;
    dispatch::command told_;
};

class listener final : public observer {
public:
    listener(const scene& of, time_point from, std::vector<note>& notes) : of_(of), from_(from), notes_(notes) {}

    void began_waiting(std::uint32_t what, ticket_id ticket, const dispatch::dispatcher& core) override {
        if (!notes_[what].stays) return;
        notes_[what].told = static_cast<double>(core.estimate(ticket)->wait.count()) / 1'000;
    }
    void stopped_waiting(std::uint32_t what, time_point came, duration waited, ending how) override {
        if (how != ending::answered || came < from_ || notes_[what].told <= 0) return;
        auto& group = found[of_.calls[notes_[what].group].name];
        const double told = notes_[what].told;
        const double seconds = static_cast<double>(waited.count()) / 1'000;
        ++group.count;
        group.mean_told += told;
        group.mean_waited += seconds;
        group.ratios.push_back(seconds / told);
    }

    std::map<std::string, told_and_waited> found;

private:
    const scene& of_;
    time_point from_;
    std::vector<note>& notes_;
};

}  // namespace

caller_group& scene::add_calls(const std::string& name, double rate, const std::string& queue) {
    auto& made = calls.emplace_back();
    made.name = name;
    made.rate = rate;
    made.plan.queue = queue;
    return made;
}

void scene::add_agents(int count, const std::vector<std::string>& in_queues, std::uint32_t capacity) {
    for (int each = 0; each < count; ++each) {
        staff made;
        made.who.agent = agent_id{agents.size() + 1};
        for (const auto& queue : in_queues) made.who.queues.push_back({queue, 0});
        made.who.capacity = capacity;
        agents.push_back(std::move(made));
    }
}

double told_and_waited::quantile(double share) const {
    return ratios[static_cast<std::size_t>(share * static_cast<double>(ratios.size() - 1))];
}

std::map<std::string, told_and_waited> compare_told(const scene& of) {
    const auto read = rules::load(
        {{"queues.yaml", of.queues}, {"routing.yaml", "fallback: { queue: " + of.calls.front().plan.queue + " }\n"}});
    if (!read.rules) throw std::runtime_error("the rules of the scene are wrong");
    const time_point start = from_millis(1'704'067'200'000);
    double rate = 0;
    for (const auto& each : of.calls) rate += each.rate;
    const duration lasts{std::llround(of.contacts / rate * 1'000)};
    std::vector<note> notes;
    callers source(of, start, notes);
    listener seen(of, start + lasts / 10, notes);
    centre site(*read.rules, routing::to_command(*read.rules), of.agents, {}, start, source, seen);
    site.run_until(start + lasts);
    for (auto& [name, each] : seen.found) {
        each.mean_told /= static_cast<double>(each.count);
        each.mean_waited /= static_cast<double>(each.count);
        std::sort(each.ratios.begin(), each.ratios.end());
    }
    return seen.found;
}

}  // namespace kindred::simulation::testing_support
