#include "engine/simulation/simulate.hpp"

#include "engine/routing/plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kindred::simulation {
namespace {

/// So many at once wait only where more comes than the agents can do.
constexpr std::size_t most_waiting = 200'000;
constexpr std::uint64_t least_contacts = 2'000;
constexpr int first_stretches = 60;

dispatch::configure settings_of(const rules::ruleset& rules, const traffic& of) {
    auto told = routing::to_command(rules);
    if (!of.wrap_up) return told;
    for (auto& queue : told.queues) {
        queue.wrap_up.clear();
        for (const auto kind : all_channel_kinds) queue.wrap_up.emplace_back(kind, *of.wrap_up);
    }
    return told;
}

std::vector<staff> staff_of(const rules::ruleset& rules, const traffic& of, std::vector<std::size_t>& rows) {
    std::vector<staff> all;
    for (std::size_t row = 0; row < of.roster.size(); ++row) {
        const auto& each = of.roster[row];
        for (std::int64_t i = 0; i < each.agents; ++i) {
            staff made;
            made.who.agent = agent_id{all.size() + 1};
            for (const auto& queue : each.queues) made.who.queues.push_back({queue, 0});
            made.who.abilities = each.abilities;
            made.who.capacity = each.capacity;
            made.present = each.present.empty() ? nullptr : rules.calendar(each.present);
            made.declines = each.declines;
            made.misses = each.misses;
            all.push_back(std::move(made));
            rows.push_back(row);
        }
    }
    return all;
}

/// The widest half-width in parts of its mean, those left out that need not be known better.
class precision_check {
public:
    void see(const estimate& of, double good_enough) {
        if (of.half_width <= good_enough) return;
        widest_ = std::max(widest_, of.mean > 0 ? of.half_width / of.mean : std::numeric_limits<double>::infinity());
    }
    void see(const figures& of) {
        constexpr double a_millisecond = 1;
        constexpr double small_share = 1e-4;
        if (of.arrived == 0) return;
        see(of.mean_wait, a_millisecond);
        see(of.waited_share, small_share);
        see(of.abandoned_share, small_share);
        see(of.occupancy, small_share);
        for (const auto& [within, share] : of.service_level) see(share, small_share);
    }
    double widest() const { return widest_; }

private:
    double widest_ = 0;
};

double widest_of(const outcome& found) {
    precision_check check;
    for (const auto& [name, each] : found.queues) check.see(each);
    for (const auto& [name, each] : found.stages) check.see(each);
    for (const auto& [dimension, groups] : found.segments)
        for (const auto& [name, each] : groups) check.see(each);
    return check.widest();
}

/// Counts what is taken from a source.
class counting_source final : public arrival_source {
public:
    explicit counting_source(arrival_source& from) : from_(from) {}
    std::optional<time_point> next() const override { return from_.next(); }
    arrival take(const rules::queue_board& board) override {
        ++count_;
        return from_.take(board);
    }
    std::uint64_t count() const { return count_; }

private:
    arrival_source& from_;
    std::uint64_t count_ = 0;
};

/// Notices a line that grows with the time that passes. One that is only long grows with its root at most: it has an
/// end, or there is just as much work as the agents can do.
class growth_watch {
public:
    bool see(std::size_t waiting, duration after) {
        const double rate = static_cast<double>(waiting) / static_cast<double>(after.count());
        in_a_row_ = waiting >= worth_a_look && rate >= steady * rate_ ? in_a_row_ + 1 : 0;
        rate_ = rate;
        return in_a_row_ > enough;
    }

private:
    static constexpr std::size_t worth_a_look = 1'000;
    static constexpr double steady = 0.85;  // of the rate before, twice the time later; the root's would be 0.71
    static constexpr int enough = 2;
    double rate_ = 0;
    int in_a_row_ = 0;
};

/// How long the whole should last, when half-widths shrink with the root of the time.
duration next_length(duration so_far, double widest, double wanted) {
    constexpr double margin = 1.05;
    const double needed = std::isfinite(widest) ? margin * (widest / wanted) * (widest / wanted) : 2;
    return duration{std::llround(static_cast<double>(so_far.count()) * std::clamp(needed, 1.1, 2.0))};
}

}  // namespace

report simulate(const rules::ruleset& rules, const traffic& of, const run_options& wanted) {
    std::vector<std::size_t> rows;
    const auto agents = staff_of(rules, of, rows);
    traffic_source decided(rules, of);
    counting_source source(decided);
    const duration warm_up = of.lasts / 10;
    const time_point from = of.start + warm_up;
    collector counts(rules, of, decided, rows, from, (of.lasts - warm_up) / first_stretches);
    centre simulated(rules, settings_of(rules, of), agents, {of.answer, of.back_after, of.seed}, of.start, source,
                     counts);
    report made;
    made.seed = of.seed;
    growth_watch growth;
    for (duration length = of.lasts - warm_up;; length = next_length(length, made.widest, *wanted.precision)) {
        // In parts, so that a line that grows without end is noticed before it fills the memory.
        const time_point end = from + length;
        const duration part = std::max<duration>(length / 100, duration{1});
        while (simulated.now() < end && simulated.waiting() < most_waiting)
            simulated.run_until(std::min(end, simulated.now() + part));
        made.found = counts.summary(simulated);
        made.found.grows = simulated.waiting() >= most_waiting;
        made.contacts = source.count();
        made.widest = widest_of(made.found);
        if (!wanted.precision) return made;
        made.found.grows = made.found.grows || growth.see(simulated.waiting(), length);
        made.precise = !made.found.grows && made.widest <= *wanted.precision && made.contacts >= least_contacts;
        if (made.precise || made.found.grows || made.contacts >= wanted.most_contacts) return made;
    }
}

std::vector<swept> sweep(const rules::ruleset& rules, const traffic& of, std::size_t row, std::int64_t from,
                         std::int64_t to, const run_options& wanted) {
    std::vector<swept> runs;
    traffic changed = of;
    for (std::int64_t agents = from; agents <= to; ++agents) {
        changed.roster[row].agents = agents;
        runs.push_back({agents, simulate(rules, changed, wanted)});
    }
    return runs;
}

}  // namespace kindred::simulation
