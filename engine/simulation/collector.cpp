#include "engine/simulation/collector.hpp"

#include "engine/rules/compiled_rules.hpp"

#include <algorithm>

namespace kindred::simulation {
namespace {

/// As many stretches as these make two of each, so that their number stays between half of it and itself.
constexpr std::size_t most_stretches = 64;

}  // namespace

collector::collector(const rules::ruleset& rules, const traffic& of, const traffic_source& source,
                     const std::vector<std::size_t>& row_of_agent, time_point from, duration stretch)
    : rules_(rules),
      traffic_(of),
      source_(source),
      from_(from),
      stretch_(std::max(stretch, duration{1})),
      crews_(of.roster.size()) {
    for (const auto row : row_of_agent) agents_.push_back({row, false, false});
    for (auto& each : crews_) each.since = from;
    for (const auto& row : of.roster)
        for (const auto& queue : row.queues) group_number("queue", queue);
}

std::size_t collector::stretch_at(time_point at) const { return static_cast<std::size_t>((at - from_) / stretch_); }

void collector::make_room(time_point at) {
    while (stretch_at(at) >= most_stretches) {
        // What crews did up to now belongs to stretches of the old length.
        for (auto& each : crews_) settle(each, std::min(at, from_ + stretch_ * static_cast<int>(most_stretches)));
        halve();
    }
}

void collector::halve() {
    const auto pairs = [](auto& stretches) {
        for (std::size_t each = 0; each < stretches.size(); ++each) {
            if (each % 2 == 0) {
                if (each > 0) stretches[each / 2] = std::move(stretches[each]);
                continue;
            }
            for (std::size_t column = 0; column < stretches[each].size(); ++column)
                stretches[each / 2][column] += stretches[each][column];
        }
        stretches.resize((stretches.size() + 1) / 2);
    };
    for (auto& each : groups_) pairs(each.stretches);
    for (auto& each : crews_) pairs(each.stretches);
    stretch_ *= 2;
}

std::vector<double>& collector::sums(group& of, time_point at) {
    make_room(at);
    const std::size_t number = stretch_at(at);
    while (of.stretches.size() <= number) of.stretches.emplace_back(first_level + traffic_.service_levels.size(), 0.0);
    return of.stretches[number];
}

void collector::count(group& into, time_point at, duration waited, ending how) {
    auto& row = sums(into, at);
    row[column::arrived] += 1;
    if (how == ending::refused) {
        ++into.refused;
        return;
    }
    into.waits.add(waited.count());
    row[column::wait_sum] += static_cast<double>(waited.count());
    if (waited > duration{0}) row[column::waited] += 1;
    if (how == ending::abandoned) row[column::abandoned] += 1;
    if (how != ending::answered) return;
    for (std::size_t each = 0; each < traffic_.service_levels.size(); ++each)
        if (waited <= traffic_.service_levels[each]) row[first_level + each] += 1;
}

void collector::stopped_waiting(std::uint32_t what, time_point came, duration waited, ending how) {
    if (came < from_) return;
    for (const auto number : groups_of(what)) count(groups_[number], came + waited, waited, how);
    const auto hour = std::chrono::floor<std::chrono::hours>(came.time_since_epoch()).count();
    if (hour != hour_seen_) {
        // Zones that are half an hour off count the half hour before as well.
        hour_seen_ = hour;
        hour_of_day_ = static_cast<std::size_t>(rules_.compiled().zone.at(came).hour);
    }
    ++by_hour_[hour_of_day_].arrived;
    by_hour_[hour_of_day_].wait_sum += static_cast<double>(waited.count());
}

void collector::worked_on(std::uint32_t what, time_point now, duration worked) {
    if (now < from_) return;
    for (const auto number : groups_of(what))
        sums(groups_[number], now)[column::worked] += static_cast<double>(worked.count());
}

void collector::settle(crew& of, time_point now) {
    // A span may lie across several stretches.
    while (of.since < now) {
        const std::size_t number = stretch_at(of.since);
        const time_point until = std::min(now, from_ + stretch_ * static_cast<std::int64_t>(number + 1));
        const auto span = static_cast<double>((until - of.since).count());
        if (of.stretches.size() <= number) of.stretches.resize(number + 1, {0, 0});
        of.stretches[number][0] += span * static_cast<double>(of.busy);
        of.stretches[number][1] += span * static_cast<double>(of.present);
        of.since = until;
    }
}

void collector::agent_busy(agent_id agent, time_point now, bool busy) {
    agent_state& state = agents_[agent.value - 1];
    crew& of = crews_[state.row];
    if (now > from_) {
        make_room(now);
        settle(of, now);
    }
    // Who goes on talking after the shift is still there.
    const bool was_there = state.present || state.busy;
    state.busy = busy;
    of.busy += busy ? 1 : -1;
    of.present += int{state.present || state.busy} - int{was_there};
}

void collector::agent_present(agent_id agent, time_point now, bool present) {
    agent_state& state = agents_[agent.value - 1];
    crew& of = crews_[state.row];
    if (now > from_) {
        make_room(now);
        settle(of, now);
    }
    const bool was_there = state.present || state.busy;
    state.present = present;
    of.present += int{state.present || state.busy} - int{was_there};
}

void collector::offer_not_taken(std::uint32_t what, time_point now, bool declined) {
    if (now < from_) return;
    for (const auto number : groups_of(what)) ++(declined ? groups_[number].declined : groups_[number].missed);
}

void collector::escalated(std::uint32_t /*what*/, time_point now, const std::string& escalation) {
    if (now >= from_) ++escalated_[escalation];
}

const std::vector<std::size_t>& collector::groups_of(std::uint32_t what) {
    while (groups_of_sort_.size() < source_.sorts().size()) {
        const auto& sort = source_.sorts()[groups_of_sort_.size()];
        std::vector<std::size_t> groups{group_number("queue", sort.queue)};
        for (const auto& each : sort.segments)
            groups.push_back(group_number("segment:" + each.dimension, each.segment));
        if (!sort.stage.empty()) groups.push_back(group_number("stage", sort.stage));
        groups_of_sort_.push_back(std::move(groups));
    }
    return groups_of_sort_[what];
}

std::size_t collector::group_number(std::string kind, std::string name) {
    const auto [at, fresh] = numbers_.try_emplace({std::move(kind), std::move(name)}, groups_.size());
    if (fresh) groups_.emplace_back();
    return at->second;
}

estimate collector::occupancy_of_queue(const std::string& queue, std::size_t whole) const {
    std::vector<double> busy(whole, 0);
    std::vector<double> present(whole, 0);
    for (std::size_t row = 0; row < crews_.size(); ++row) {
        const auto& queues = traffic_.roster[row].queues;
        if (!queue.empty() && std::find(queues.begin(), queues.end(), queue) == queues.end()) continue;
        for (std::size_t each = 0; each < std::min(whole, crews_[row].stretches.size()); ++each) {
            busy[each] += crews_[row].stretches[each][0];
            present[each] += crews_[row].stretches[each][1];
        }
    }
    return ratio_of_sums(busy, present);
}

figures collector::figures_of(const group& from, std::size_t whole) const {
    const auto column_of = [&](std::size_t which) {
        std::vector<double> values(whole, 0);
        for (std::size_t each = 0; each < std::min(whole, from.stretches.size()); ++each)
            values[each] = from.stretches[each][which];
        return values;
    };
    figures made;
    const auto all = column_of(column::arrived);
    made.arrived = from.waits.count() + from.refused;
    made.refused = from.refused;
    made.unserved = from.unserved;
    made.declined = from.declined;
    made.missed = from.missed;
    made.waited_share = ratio_of_sums(column_of(column::waited), all);
    made.mean_wait = ratio_of_sums(column_of(column::wait_sum), all);
    made.abandoned_share = ratio_of_sums(column_of(column::abandoned), all);
    for (std::size_t each = 0; each < traffic_.service_levels.size(); ++each)
        made.service_level.emplace_back(traffic_.service_levels[each],
                                        ratio_of_sums(column_of(first_level + each), all));
    std::vector<double> present(whole, 0);
    for (const auto& row : crews_)
        for (std::size_t each = 0; each < std::min(whole, row.stretches.size()); ++each)
            present[each] += row.stretches[each][1];
    made.occupancy = ratio_of_sums(column_of(column::worked), present);
    made.p50 = from.waits.quantile(0.5);
    made.p95 = from.waits.quantile(0.95);
    made.p99 = from.waits.quantile(0.99);
    made.waits = from.waits;
    return made;
}

outcome collector::summary(const centre& of) {
    outcome made;
    const time_point now = of.now();
    make_room(now - duration{1});
    for (auto& each : crews_) settle(each, now);
    made.measured = now - from_;
    // A stretch that has only begun says too little beside whole ones.
    const auto whole = static_cast<std::size_t>(made.measured / stretch_);
    auto groups = groups_;
    for (const auto& [what, came] : of.still_waiting()) {
        if (came < from_ || whole == 0) continue;
        for (const auto number : groups_of(what)) {
            group& into = groups.size() > number ? groups[number] : groups.emplace_back();
            const auto waited = now - came;
            // It belongs to the last stretch, as what it waited does.
            while (into.stretches.size() < whole)
                into.stretches.emplace_back(first_level + traffic_.service_levels.size(), 0.0);
            auto& row = into.stretches[whole - 1];
            row[column::arrived] += 1;
            row[column::waited] += 1;
            row[column::wait_sum] += static_cast<double>(waited.count());
            into.waits.add(waited.count());
            ++into.unserved;
        }
    }
    for (const auto& [key, number] : numbers_) {
        auto told = figures_of(groups[number], whole);
        const auto& [kind, name] = key;
        if (kind == "queue") {
            told.occupancy = occupancy_of_queue(name, whole);
            made.queues.emplace(name, std::move(told));
        } else if (kind == "stage") {
            made.stages.emplace(name, std::move(told));
        } else {
            made.segments[kind.substr(kind.find(':') + 1)].emplace(name, std::move(told));
        }
    }
    made.by_hour = by_hour_;
    // An escalation that never came about is an answer as well.
    for (const auto& each : rules_.compiled().escalations) made.escalated.emplace(each.name, 0);
    for (const auto& [name, count] : escalated_) made.escalated[name] = count;
    return made;
}

}  // namespace kindred::simulation
