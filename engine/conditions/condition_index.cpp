#include "engine/conditions/condition_index.hpp"

#include "engine/conditions/evaluate.hpp"

#include <algorithm>
#include <map>

namespace kindred::conditions {
namespace {

/// The tests of a condition that say which values a fact must have. Only those that must hold whatever else does.
void collect_demands(const condition& asked, const fact_catalog& catalog, std::vector<const fact_test*>& into) {
    if (const auto* test = std::get_if<fact_test>(&asked.what)) {
        const auto* values = std::get_if<is_one_of>(&test->wanted);
        if (values != nullptr && !values->negated && !catalog[test->fact].costly) into.push_back(test);
        return;
    }
    const auto& group = std::get<condition_group>(asked.what);
    if (group.kind != group_kind::all) return;
    for (const auto& each : group.members) collect_demands(each, catalog, into);
}

const std::vector<symbol>& symbols_of(const fact_test& test) { return std::get<is_one_of>(test.wanted).symbols; }

}  // namespace

condition_index::condition_index(std::vector<const condition*> in_order, const fact_catalog& catalog)
    : conditions_(std::move(in_order)) {
    std::vector<std::vector<const fact_test*>> demands(conditions_.size());
    std::map<std::pair<fact_id, symbol>, std::size_t> how_common;
    for (std::size_t i = 0; i < conditions_.size(); ++i) {
        collect_demands(*conditions_[i], catalog, demands[i]);
        for (const auto* test : demands[i])
            for (const symbol value : symbols_of(*test)) ++how_common[{test->fact, value}];
    }
    const auto cost = [&](const fact_test* test) {
        std::size_t total = 0;
        for (const symbol value : symbols_of(*test)) total += how_common[{test->fact, value}];
        return total;
    };
    std::map<fact_id, std::vector<places>> filed;
    for (std::size_t i = 0; i < conditions_.size(); ++i) {
        const auto place = static_cast<std::uint32_t>(i);
        first_demand_.push_back(static_cast<std::uint32_t>(demands_.size()));
        if (demands[i].empty()) {
            unfiled_.push_back(place);
            continue;
        }
        const auto* best =
            *std::min_element(demands[i].begin(), demands[i].end(),
                              [&](const auto* left, const auto* right) { return cost(left) < cost(right); });
        for (const auto* test : demands[i])
            if (test != best && symbols_of(*test).size() == 1)
                demands_.push_back({test->fact, symbols_of(*test).front()});
        auto& by_symbol = filed[best->fact];
        for (const symbol value : symbols_of(*best)) {
            if (by_symbol.size() <= value) by_symbol.resize(value + 1);
            by_symbol[value].push_back(place);
        }
    }
    first_demand_.push_back(static_cast<std::uint32_t>(demands_.size()));
    for (auto& [fact, by_symbol] : filed) facts_.push_back({fact, std::move(by_symbol)});
}

condition_index::merged condition_index::candidates(fact_table& facts) const {
    merged lists;
    lists.add(unfiled_);
    for (const auto& each : facts_)
        for (const symbol value : facts.symbols(each.fact))
            if (value < each.by_symbol.size()) lists.add(each.by_symbol[value]);
    return lists;
}

bool condition_index::meets_demands(std::uint32_t place, fact_table& facts) const {
    for (auto i = first_demand_[place]; i < first_demand_[place + 1]; ++i) {
        const auto values = facts.symbols(demands_[i].fact);
        if (std::find(values.begin(), values.end(), demands_[i].value) == values.end()) return false;
    }
    return true;
}

bool condition_index::holds_at(std::uint32_t place, fact_table& facts) const {
    return meets_demands(place, facts) && holds(*conditions_[place], facts);
}

std::optional<std::uint32_t> condition_index::merged::next() {
    std::optional<std::uint32_t> least;
    for (const auto& each : ranges_)
        if (!least || *each.at < *least) least = *each.at;
    if (!least) return std::nullopt;
    for (std::size_t i = 0; i < ranges_.size();) {
        if (*ranges_[i].at == *least) ++ranges_[i].at;  // the same place may be filed under two values of a list
        if (ranges_[i].at == ranges_[i].end) {
            ranges_[i] = ranges_.back();
            ranges_.pop_back();
        } else {
            ++i;
        }
    }
    return least;
}

}  // namespace kindred::conditions
