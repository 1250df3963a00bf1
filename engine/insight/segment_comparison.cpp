#include "engine/insight/segment_comparison.hpp"

#include "engine/insight/outcomes.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace kindred::insight {
namespace {

constexpr std::size_t worth_a_thread = 1'000;  // customers
constexpr std::size_t least_inside = 20;       // customers of a segment in one channel, before its inside is looked at

/// Values by group: in the order of customers, and sorted. `group_of`: of a customer, or nothing.
template <class Group>
std::vector<numeric_group> filled(std::vector<std::string> names, const std::vector<double>& values,
                                  const std::vector<std::uint32_t>& order, Group group_of) {
    std::vector<numeric_group> groups;
    for (auto& each : names) groups.push_back({std::move(each), {}, {}});
    std::vector<std::size_t> sizes(groups.size());
    for (const auto customer : order)
        if (const auto group = group_of(customer)) ++sizes[*group];
    for (std::size_t group = 0; group < groups.size(); ++group) {
        groups[group].values.reserve(sizes[group]);
        groups[group].ascending.reserve(sizes[group]);
    }
    for (std::size_t customer = 0; customer < values.size(); ++customer)
        if (const auto group = group_of(customer); group && !std::isnan(values[customer]))
            groups[*group].values.push_back(values[customer]);
    for (const auto customer : order)
        if (const auto group = group_of(customer)) groups[*group].ascending.push_back(values[customer]);
    return groups;
}

}  // namespace

segment_report segment_study::finish(const comparison_policy& policy) const {
    return segment_comparison(*this, policy).make();
}

segment_comparison::segment_comparison(const segment_study& study, const comparison_policy& policy)
    : study_(study), policy_(policy), places_(study.customers_.size()) {
    const auto& customers = study_.customers_;
    std::iota(places_.begin(), places_.end(), std::uint32_t{0});
    std::sort(places_.begin(), places_.end(),
              [&](std::uint32_t a, std::uint32_t b) { return customers[a].who < customers[b].who; });
    sort_outcomes();
    channels_ = commonest(study_.channels_);
    intents_ = commonest(study_.intents_);
    std::map<std::string, std::uint32_t> questions;
    for (const auto& [question, marks] : study_.preferences_) questions.emplace(study_.names_.name(question), question);
    for (const auto& [name, question] : questions)
        preferences_.emplace_back(name, commonest(study_.preferences_.at(question)));
}

void segment_comparison::sort_outcomes() {
    std::vector<std::pair<double, std::uint32_t>> sorted;
    for (std::size_t outcome = 0; outcome < numbers; ++outcome) {
        sorted.clear();
        auto& means = means_.at(outcome);
        for (std::uint32_t customer = 0; customer < places_.size(); ++customer) {
            const auto& held = study_.customers_[places_[customer]];
            means.push_back(held.counts[outcome] > 0 ? held.mean(outcome) : std::numeric_limits<double>::quiet_NaN());
            if (held.counts[outcome] > 0) sorted.emplace_back(means.back(), customer);
        }
        std::sort(sorted.begin(), sorted.end());
        auto& order = order_.at(outcome);
        order.reserve(sorted.size());
        for (const auto& [value, customer] : sorted) order.push_back(customer);
    }
}

segment_comparison::habits segment_comparison::commonest(const std::vector<segment_study::mark>& marks) const {
    const auto count = places_.size();
    std::vector<std::uint32_t> ends(count + 1);
    for (const auto& each : marks) ++ends[each.customer + 1];
    std::partial_sum(ends.begin(), ends.end(), ends.begin());
    std::vector<std::uint32_t> names(marks.size());
    auto next = ends;
    for (const auto& each : marks) names[next[each.customer]++] = each.name;
    habits made(count);
    for (std::size_t customer = 0; customer < count; ++customer) {
        const auto place = places_[customer];
        const auto begin = names.begin() + ends[place];
        const auto end = names.begin() + ends[place + 1];
        std::sort(begin, end);
        std::ptrdiff_t most = 0;
        for (auto first = begin; first != end;) {
            const auto last = std::upper_bound(first, end, *first);
            // Of several that are as common, the first by name.
            const bool more = last - first > most ||
                              (last - first == most && study_.names_.name(*first) < study_.names_.name(made[customer]));
            if (more) made[customer] = *first;
            most = std::max(most, last - first);
            first = last;
        }
    }
    return made;
}

std::vector<std::string> segment_comparison::dimensions() const {
    std::vector<bool> used(study_.placements_.size());
    for (const auto& each : study_.customers_) used[each.placement] = true;
    std::set<std::string> names;
    for (std::uint32_t placement = 0; placement < used.size(); ++placement)
        if (used[placement])
            for (const auto& each : study_.placements_.groups(placement))
                names.insert(study_.placements_.name(each.dimension));
    return {names.begin(), names.end()};
}

segment_comparison::division segment_comparison::divide(const std::string& dimension) const {
    const auto& placements = study_.placements_;
    const auto segment_in = [&](std::uint32_t placement) -> const std::string* {
        for (const auto& each : placements.groups(placement))
            if (placements.name(each.dimension) == dimension) return &placements.name(each.name);
        return nullptr;
    };
    std::vector<bool> used(placements.size());
    for (const auto& each : study_.customers_) used[each.placement] = true;
    std::map<std::string, std::uint32_t> numbers_of;
    for (std::uint32_t placement = 0; placement < placements.size(); ++placement)
        if (const auto* segment = used[placement] ? segment_in(placement) : nullptr) numbers_of.emplace(*segment, 0);
    division made;
    made.dimension = dimension;
    for (auto& [name, number] : numbers_of) {
        number = static_cast<std::uint32_t>(made.segments.size());
        made.segments.push_back(name);
    }
    std::vector<std::uint32_t> by_placement(placements.size(), nobody);
    for (std::uint32_t placement = 0; placement < placements.size(); ++placement)
        if (const auto* segment = used[placement] ? segment_in(placement) : nullptr)
            by_placement[placement] = numbers_of.at(*segment);
    made.segment_of.reserve(places_.size());
    for (const auto place : places_) made.segment_of.push_back(by_placement[study_.customers_[place].placement]);
    return made;
}

group_comparison segment_comparison::numbers_by(const division& by, std::size_t outcome) const {
    const auto segment_of = [&](std::size_t customer) {
        const auto segment = by.segment_of[customer];
        return segment == nobody ? std::nullopt : std::optional<std::size_t>(segment);
    };
    return compare_numbers(by.dimension, std::string(outcome::names.at(outcome)),
                           filled(by.segments, means_.at(outcome), order_.at(outcome), segment_of), policy_);
}

group_comparison segment_comparison::categories_by(const division& by, std::string_view outcome,
                                                   const habits& mostly) const {
    const auto names = study_.names_.size();
    std::vector<std::int64_t> found(by.segments.size() * names);
    std::map<std::string, std::size_t> categories;
    for (std::size_t customer = 0; customer < places_.size(); ++customer) {
        if (by.segment_of[customer] == nobody || mostly[customer] == 0) continue;
        ++found[by.segment_of[customer] * names + mostly[customer]];
    }
    for (std::size_t cell = 0; cell < found.size(); ++cell)
        if (found[cell] > 0)
            categories.emplace(study_.names_.name(static_cast<std::uint32_t>(cell % names)), cell % names);
    contingency table;
    for (const auto& [name, number] : categories) table.categories.push_back(name);
    for (std::size_t segment = 0; segment < by.segments.size(); ++segment) {
        table.groups.push_back(by.segments[segment]);
        auto& row = table.counts.emplace_back();
        for (const auto& [name, number] : categories) row.push_back(found[segment * names + number]);
    }
    return compare_categories(by.dimension, std::string(outcome), std::move(table), policy_);
}

/// Each segment by the channel that its customers mostly use: groups that fall apart should perhaps be two.
std::vector<inner_comparison> segment_comparison::by_channel_inside(const division& by) const {
    std::map<std::string, std::uint32_t> channels;
    for (const auto each : channels_) channels.emplace(study_.names_.name(each), each);
    std::vector<std::string> cells;
    std::vector<std::uint32_t> place_of(study_.names_.size());
    for (const auto& [name, number] : channels) {
        place_of[number] = static_cast<std::uint32_t>(cells.size());
        cells.push_back(name);
    }
    const auto width = cells.size();
    std::vector<std::string> all;
    for (std::size_t segment = 0; segment < by.segments.size(); ++segment)
        all.insert(all.end(), cells.begin(), cells.end());
    const auto cell_of = [&](std::size_t customer) {
        const auto segment = by.segment_of[customer];
        return segment == nobody ? std::nullopt
                                 : std::optional<std::size_t>(segment * width + place_of[channels_[customer]]);
    };
    auto values = filled(std::move(all), means_[outcome::handling], order_[outcome::handling], cell_of);
    std::vector<inner_comparison> made;
    for (std::size_t segment = 0; segment < by.segments.size(); ++segment) {
        std::vector<numeric_group> groups;
        for (std::size_t channel = 0; channel < width; ++channel)
            if (auto& those = values[segment * width + channel]; those.values.size() >= least_inside)
                groups.push_back(std::move(those));
        if (groups.size() < 2) continue;
        made.push_back(
            {by.dimension, by.segments[segment], compare_numbers("channel", "handling_s", std::move(groups), policy_)});
    }
    return made;
}

std::vector<segment_size> segment_comparison::sizes_of(const division& by) {
    std::vector<std::int64_t> sizes(by.segments.size());
    for (const auto segment : by.segment_of)
        if (segment != nobody) ++sizes[segment];
    std::vector<segment_size> made;
    for (std::size_t segment = 0; segment < sizes.size(); ++segment)
        made.push_back({by.dimension, by.segments[segment], sizes[segment]});
    return made;
}

segment_comparison::part segment_comparison::compare(const std::string& dimension) const {
    const auto by = divide(dimension);
    part made;
    made.sizes = sizes_of(by);
    const auto add = [&](group_comparison compared) {
        if (compared.answers > 0) made.comparisons.push_back(std::move(compared));
    };
    for (std::size_t outcome = 0; outcome < numbers; ++outcome) add(numbers_by(by, outcome));
    add(categories_by(by, "channel", channels_));
    add(categories_by(by, "intent", intents_));
    for (const auto& [question, chosen] : preferences_) add(categories_by(by, "preference." + question, chosen));
    made.inner = by_channel_inside(by);
    return made;
}

segment_report segment_comparison::make() const {
    const auto names = dimensions();
    std::vector<part> parts(names.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (auto mine = next++; mine < names.size(); mine = next++) parts[mine] = compare(names[mine]);
    };
    {
        std::optional<std::jthread> helper;
        if (names.size() > 1 && places_.size() >= worth_a_thread) helper.emplace(work);
        work();
    }
    segment_report made;
    made.customers = static_cast<std::int64_t>(places_.size());
    made.tickets = study_.tickets_;
    std::vector<inner_comparison> inner;
    const auto append = [](auto& to, auto& from) {
        to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    };
    for (auto& each : parts) {
        append(made.sizes, each.sizes);
        append(made.comparisons, each.comparisons);
        append(inner, each.inner);
    }
    adjust(made.comparisons);
    made.findings = findings_of(made.comparisons, inner, policy_);
    return made;
}

}  // namespace kindred::insight
