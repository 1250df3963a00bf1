#include "engine/insight/best_split.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>
#include <string_view>
#include <utility>

namespace kindred::insight {
namespace {

/// Sums of outcomes over some rows: enough for their squared error, up to what no split changes.
struct sums {
    explicit sums(std::size_t columns) : of(columns, 0.0) {}
    void add(const outcome_columns& outcomes, std::uint32_t row) {
        for (std::size_t each = 0; each < of.size(); ++each) of[each] += outcomes[each][row];
        ++count;
    }
    void add(const sums& other) {
        for (std::size_t each = 0; each < of.size(); ++each) of[each] += other.of[each];
        count += other.count;
    }
    /// The larger, the smaller the squared error: sum of squares of sums over counts.
    double explained() const {
        double total = 0;
        for (const double each : of) total += each * each;
        return count == 0 ? 0 : total / static_cast<double>(count);
    }
    std::vector<double> of;
    std::size_t count = 0;
};

struct candidate {
    double gain = 0;
    std::variant<double, std::vector<std::string>> is;
};

using maybe_candidate = std::optional<candidate>;

double gain_of(const sums& all, const sums& yes) {
    double of_others = 0;
    for (std::size_t each = 0; each < all.of.size(); ++each)
        of_others += (all.of[each] - yes.of[each]) * (all.of[each] - yes.of[each]);
    const auto others = all.count - yes.count;
    return yes.explained() + (others == 0 ? 0 : of_others / static_cast<double>(others)) - all.explained();
}

/// The roundest number above `low` and not above `high`: 500 rather than 497.3 where no customer lies between.
double roundest(double low, double high) {
    constexpr int least_power = -6;
    const auto most_power = static_cast<int>(std::ceil(std::log10(std::max(std::abs(low), std::abs(high)) + 1)));
    for (int power = most_power; power > least_power; --power) {
        const double tens = std::pow(10, power);
        for (const double step : {tens, tens / 2}) {
            const double multiple = std::floor(high / step) * step;
            if (multiple > low && multiple <= high) return multiple;
        }
    }
    return high;
}

/// `known`: the rows whose value is known, the least first.
maybe_candidate best_threshold(const std::vector<double>& values, const outcome_columns& outcomes,
                               std::span<const std::uint32_t> known, const sums& all, std::size_t least) {
    maybe_candidate best;
    sums yes(outcomes.size());
    for (std::size_t place = known.size(); place-- > 0;) {
        yes.add(outcomes, known[place]);
        const double here = values[known[place]];
        if (place > 0 && values[known[place - 1]] == here) continue;
        if (yes.count < least || all.count - yes.count < least) continue;
        const double gain = gain_of(all, yes);
        if (best && gain < best->gain) continue;
        best = candidate{gain, place > 0 ? roundest(values[known[place - 1]], here) : here};
    }
    return best;
}

/// For one outcome the best set of categories is a run in the order of their means; for several it is tried along each
/// outcome, which finds the best of two columns and a good one of more. (Breiman et al., theorem 4.5.)
maybe_candidate best_set(const std::vector<std::string>& names, const std::vector<std::uint32_t>& category_of,
                         const outcome_columns& outcomes, std::span<const std::uint32_t> rows, const sums& all,
                         std::size_t least) {
    std::vector<sums> categories(names.size(), sums(outcomes.size()));
    for (const std::uint32_t row : rows)
        if (category_of[row] < names.size()) categories[category_of[row]].add(outcomes, row);
    maybe_candidate best;
    std::vector<std::size_t> order;
    for (std::size_t each = 0; each < categories.size(); ++each)
        if (categories[each].count > 0) order.push_back(each);
    for (std::size_t column = 0; column < outcomes.size(); ++column) {
        const auto mean = [&](const sums& of) { return of.of[column] / static_cast<double>(of.count); };
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return mean(categories[a]) > mean(categories[b]); });
        sums yes(outcomes.size());
        for (std::size_t place = 0; place < order.size(); ++place) {
            yes.add(categories[order[place]]);
            if (yes.count < least || all.count - yes.count < least) continue;
            const double gain = gain_of(all, yes);
            if (best && gain <= best->gain) continue;
            std::vector<std::string> taken;
            for (std::size_t each = 0; each <= place; ++each) taken.push_back(names[order[each]]);
            best = candidate{gain, std::move(taken)};
        }
    }
    if (best) std::sort(std::get<1>(best->is).begin(), std::get<1>(best->is).end());
    return best;
}

}  // namespace

double error_of(const outcome_columns& outcomes, std::span<const std::uint32_t> rows) {
    double total = 0;
    for (const auto& column : outcomes) {
        double mean = 0;
        for (const std::uint32_t row : rows) mean += column[row];
        mean /= static_cast<double>(std::max<std::size_t>(rows.size(), 1));
        for (const std::uint32_t row : rows) total += (column[row] - mean) * (column[row] - mean);
    }
    return total;
}

split_search::split_search(const std::vector<attribute_column>& attributes, const outcome_columns& outcomes)
    : attributes_(attributes), outcomes_(outcomes), ascending_(attributes.size()), categories_(attributes.size()) {
    for (std::size_t place = 0; place < attributes.size(); ++place) {
        if (const auto* numbers = std::get_if<0>(&attributes[place].values)) {
            auto& known = ascending_[place];
            for (std::uint32_t row = 0; row < numbers->size(); ++row)
                if (!std::isnan((*numbers)[row])) known.push_back(row);
            std::sort(known.begin(), known.end(), [&](std::uint32_t a, std::uint32_t b) {
                return std::pair((*numbers)[a], a) < std::pair((*numbers)[b], b);
            });
            continue;
        }
        const auto& texts = std::get<1>(attributes[place].values);
        auto& made = categories_[place];
        std::map<std::string_view, std::uint32_t> numbers;
        for (const auto& each : texts)
            if (!each.empty()) numbers.try_emplace(each, 0);
        for (auto& [name, number] : numbers) {
            number = static_cast<std::uint32_t>(made.names.size());
            made.names.emplace_back(name);
        }
        for (const auto& each : texts)
            made.of.push_back(each.empty() ? static_cast<std::uint32_t>(made.names.size()) : numbers.at(each));
    }
}

split_rows split_search::those(const std::vector<bool>& chosen) const {
    split_rows made;
    for (std::uint32_t row = 0; row < chosen.size(); ++row)
        if (chosen[row]) made.rows.push_back(row);
    for (const auto& order : ascending_) {
        auto& those = made.ascending.emplace_back();
        std::copy_if(order.begin(), order.end(), std::back_inserter(those),
                     [&](std::uint32_t row) { return chosen[row]; });
    }
    return made;
}

split_rows split_search::part(split_rows& those, std::size_t attribute, const split& question) const {
    std::vector<bool> stays(outcomes_.front().size());
    for (const auto row : those.rows) stays[row] = says_yes(attributes_[attribute], question, row);
    const auto leave = [&](std::vector<std::uint32_t>& rows) {
        const auto middle =
            std::stable_partition(rows.begin(), rows.end(), [&](std::uint32_t row) { return stays[row]; });
        std::vector<std::uint32_t> others(middle, rows.end());
        rows.erase(middle, rows.end());
        return others;
    };
    split_rows others;
    others.rows = leave(those.rows);
    for (auto& each : those.ascending) others.ascending.push_back(leave(each));
    return others;
}

std::optional<found_split> split_search::best(const split_rows& among, std::size_t least) const {
    sums all(outcomes_.size());
    for (const std::uint32_t row : among.rows) all.add(outcomes_, row);
    std::optional<found_split> best;
    for (std::size_t column = 0; column < attributes_.size(); ++column) {
        const auto* numbers = std::get_if<0>(&attributes_[column].values);
        const auto& texts = categories_[column];
        auto found = numbers ? best_threshold(*numbers, outcomes_, among.ascending[column], all, least)
                             : best_set(texts.names, texts.of, outcomes_, among.rows, all, least);
        if (!found || (best && found->gain <= best->gain)) continue;
        best = found_split{{attributes_[column].name, std::move(found->is)}, column, found->gain};
    }
    return best;
}

std::optional<found_split> best_split(const std::vector<attribute_column>& attributes, const outcome_columns& outcomes,
                                      std::span<const std::uint32_t> rows, std::size_t least) {
    std::vector<bool> chosen(outcomes.front().size());
    for (const auto row : rows) chosen[row] = true;
    const split_search search(attributes, outcomes);
    return search.best(search.those(chosen), least);
}

bool says_yes(const attribute_column& attribute, const split& question, std::uint32_t row) {
    if (const auto* least = std::get_if<0>(&question.is)) return std::get<0>(attribute.values)[row] >= *least;
    const auto& wanted = std::get<1>(question.is);
    return std::binary_search(wanted.begin(), wanted.end(), std::get<1>(attribute.values)[row]);
}

}  // namespace kindred::insight
