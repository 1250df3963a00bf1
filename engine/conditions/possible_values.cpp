#include "engine/conditions/possible_values.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace kindred::conditions {
namespace {

/// The same range over whole numbers, so that neighbours meet.
is_within over_whole_numbers(is_within range) {
    if (std::isfinite(range.least)) {
        const double up = std::ceil(range.least);
        range.least = up == range.least && !range.least_included ? up + 1 : up;
        range.least_included = true;
    }
    if (std::isfinite(range.most)) {
        const double down = std::floor(range.most);
        range.most = down == range.most && !range.most_included ? down - 1 : down;
        range.most_included = true;
    }
    return range;
}

bool has_values(const is_within& range) {
    return range.least < range.most || (range.least == range.most && range.least_included && range.most_included);
}

is_within overlap(const is_within& left, const is_within& right) {
    is_within both;
    both.least = std::max(left.least, right.least);
    both.least_included =
        (left.least < both.least || left.least_included) && (right.least < both.least || right.least_included);
    both.most = std::min(left.most, right.most);
    both.most_included =
        (left.most > both.most || left.most_included) && (right.most > both.most || right.most_included);
    return both;
}

std::vector<is_within> overlaps(const std::vector<is_within>& left, const std::vector<is_within>& right, bool whole) {
    std::vector<is_within> both;
    for (const auto& one : left)
        for (const auto& other : right) {
            auto shared = overlap(one, other);
            if (whole) shared = over_whole_numbers(shared);
            if (has_values(shared)) both.push_back(shared);
        }
    return both;
}

std::vector<is_within> without(const std::vector<is_within>& from, const is_within& gone, bool whole) {
    std::vector<is_within> left;
    for (const auto& each : from) {
        is_within below = each;
        is_within above = each;
        if (gone.least <= each.most) {
            below.most = std::min(each.most, gone.least);
            below.most_included = gone.least > each.most
                                      ? each.most_included
                                      : !gone.least_included && (gone.least < each.most || each.most_included);
        }
        if (gone.most >= each.least) {
            above.least = std::max(each.least, gone.most);
            above.least_included = !gone.most_included && (gone.most > each.least || each.least_included);
        }
        const bool apart = gone.least > each.most || gone.most < each.least;
        for (auto part : apart ? std::vector{each} : std::vector{below, above}) {
            if (whole) part = over_whole_numbers(part);
            if (has_values(part)) left.push_back(part);
        }
    }
    return left;
}

bool is_whole(fact_type type) {
    return type == fact_type::integer || type == fact_type::duration || type == fact_type::time ||
           type == fact_type::date || type == fact_type::ordered_choice;
}

bool compares_numbers(fact_type type) { return is_whole(type) || type == fact_type::number; }

std::vector<symbol> common(const std::vector<symbol>& left, const std::vector<symbol>& right) {
    std::vector<symbol> both;
    std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(both));
    return both;
}

std::vector<symbol> minus(const std::vector<symbol>& from, const std::vector<symbol>& gone) {
    std::vector<symbol> left;
    std::set_difference(from.begin(), from.end(), gone.begin(), gone.end(), std::back_inserter(left));
    return left;
}

std::vector<symbol> together(const std::vector<symbol>& left, const std::vector<symbol>& right) {
    std::vector<symbol> all;
    std::set_union(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(all));
    return all;
}

}  // namespace

possible_values::possible_values(const fact_definition& fact)
    : has_order_(compares_numbers(fact.type)), whole_(is_whole(fact.type)) {
    if (fact.type == fact_type::choice) names_that_exist_ = fact.names.size();
    if (fact.type == fact_type::yes_no) names_that_exist_ = 2;
    is_within all;
    if (fact.type == fact_type::ordered_choice) all = {0, static_cast<double>(fact.names.size()) - 1};
    if (has_order_) ranges_.push_back(all);
}

bool possible_values::empty() const {
    if (has_order_) return ranges_.empty();
    if (unnamed_) return false;
    return all_but_ ? names_that_exist_ > 0 && names_.size() >= names_that_exist_ : names_.empty();
}

void possible_values::keep(const value_set& only) {
    if (has_order_) {
        ranges_ = overlaps(ranges_, only.ranges, whole_);
        return;
    }
    names_ = unnamed_ ? std::vector<symbol>{} : all_but_ ? minus(only.names, names_) : common(only.names, names_);
    all_but_ = false;
    unnamed_ = false;
}

void possible_values::remove(const value_set& gone) {
    if (has_order_) {
        for (const auto& each : gone.ranges) ranges_ = without(ranges_, each, whole_);
        return;
    }
    if (unnamed_) return;
    names_ = all_but_ ? together(names_, gone.names) : minus(names_, gone.names);
}

bool possible_values::all_in(const value_set& others) const {
    auto rest = *this;
    rest.remove(others);
    return rest.empty();
}

bool possible_values::none_in(const value_set& others) const {
    if (!has_order_ && unnamed_) return true;
    if (!has_order_ && !all_but_) return common(names_, others.names).empty();
    auto both = *this;
    both.keep(others);
    return both.empty();
}

void possible_values::keep_unnamed() {
    if (!has_order_ && names_that_exist_ == 0 && all_but_) unnamed_ = true;
}

value_set values_named(const is_one_of& wanted, fact_id fact, const fact_catalog& catalog, const vocabulary& words) {
    const auto& definition = catalog[fact];
    if (definition.type != fact_type::ordered_choice) return {wanted.symbols, {}};
    value_set ranks;
    for (std::size_t i = 0; i < definition.names.size(); ++i) {
        const symbol named = words.find(fact, definition.names[i]);
        const auto rank = static_cast<double>(i);
        if (named != 0 && std::binary_search(wanted.symbols.begin(), wanted.symbols.end(), named))
            ranks.ranges.push_back({rank, rank});
    }
    return ranks;
}

value_set values_named(const is_one_number_of& wanted) {
    value_set points;
    for (const double each : wanted.numbers) points.ranges.push_back({each, each});
    return points;
}

value_set values_named(const is_within& wanted) { return {{}, {wanted}}; }

}  // namespace kindred::conditions
