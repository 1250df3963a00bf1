#include "engine/insight/best_split.hpp"

#include <algorithm>
#include <cmath>
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

sums minus(const sums& all, const sums& part) {
    sums left = all;
    for (std::size_t each = 0; each < left.of.size(); ++each) left.of[each] -= part.of[each];
    left.count -= part.count;
    return left;
}

struct candidate {
    double gain = 0;
    std::variant<double, std::vector<std::string>> is;
};

using maybe_candidate = std::optional<candidate>;

double gain_of(const sums& all, const sums& yes) {
    return yes.explained() + minus(all, yes).explained() - all.explained();
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

maybe_candidate best_threshold(const std::vector<double>& values, const outcome_columns& outcomes,
                               std::span<const std::uint32_t> rows, const sums& all, std::size_t least) {
    std::vector<std::uint32_t> known;
    for (const std::uint32_t row : rows) {
        if (!std::isnan(values[row])) known.push_back(row);
    }
    std::sort(known.begin(), known.end(),
              [&](std::uint32_t a, std::uint32_t b) { return std::pair(values[a], a) < std::pair(values[b], b); });
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
maybe_candidate best_set(const std::vector<std::string>& values, const outcome_columns& outcomes,
                         std::span<const std::uint32_t> rows, const sums& all, std::size_t least) {
    std::map<std::string_view, sums> categories;
    for (const std::uint32_t row : rows) {
        if (values[row].empty()) continue;
        categories.try_emplace(values[row], outcomes.size()).first->second.add(outcomes, row);
    }
    maybe_candidate best;
    std::vector<const std::pair<const std::string_view, sums>*> order;
    for (const auto& each : categories) order.push_back(&each);
    for (std::size_t column = 0; column < outcomes.size(); ++column) {
        const auto mean = [&](const sums& of) { return of.of[column] / static_cast<double>(of.count); };
        std::stable_sort(order.begin(), order.end(),
                         [&](const auto* a, const auto* b) { return mean(a->second) > mean(b->second); });
        sums yes(outcomes.size());
        std::vector<std::string> names;
        for (const auto* each : order) {
            yes.add(each->second);
            names.emplace_back(each->first);
            if (yes.count < least || all.count - yes.count < least) continue;
            const double gain = gain_of(all, yes);
            if (best && gain <= best->gain) continue;
            best = candidate{gain, names};
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

std::optional<found_split> best_split(const std::vector<attribute_column>& attributes, const outcome_columns& outcomes,
                                      std::span<const std::uint32_t> rows, std::size_t least) {
    sums all(outcomes.size());
    for (const std::uint32_t row : rows) all.add(outcomes, row);
    std::optional<found_split> best;
    for (std::size_t column = 0; column < attributes.size(); ++column) {
        const auto& attribute = attributes[column];
        const auto* numbers = std::get_if<0>(&attribute.values);
        auto found = numbers ? best_threshold(*numbers, outcomes, rows, all, least)
                             : best_set(std::get<1>(attribute.values), outcomes, rows, all, least);
        if (!found || (best && found->gain <= best->gain)) continue;
        best = found_split{{attribute.name, std::move(found->is)}, column, found->gain};
    }
    return best;
}

bool says_yes(const attribute_column& attribute, const split& question, std::uint32_t row) {
    if (const auto* least = std::get_if<0>(&question.is)) return std::get<0>(attribute.values)[row] >= *least;
    const auto& wanted = std::get<1>(question.is);
    return std::binary_search(wanted.begin(), wanted.end(), std::get<1>(attribute.values)[row]);
}

}  // namespace kindred::insight
