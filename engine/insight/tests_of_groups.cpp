#include "engine/insight/tests_of_groups.hpp"

#include "engine/insight/ranks.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>
#include <numeric>
#include <random>

namespace kindred::insight {
namespace {

double chance_of_more(double statistic, double degrees) {
    if (degrees < 1 || !(statistic > 0)) return 1;
    return boost::math::cdf(boost::math::complement(boost::math::chi_squared(degrees), statistic));
}

struct pooled {
    std::vector<double> values;
    std::vector<std::uint32_t> group_of;
    std::vector<double> sizes;
};

pooled pool(std::span<const numeric_group> groups) {
    pooled all;
    for (const auto& each : groups) {
        if (each.values.empty()) continue;
        all.values.insert(all.values.end(), each.values.begin(), each.values.end());
        all.group_of.insert(all.group_of.end(), each.values.size(), static_cast<std::uint32_t>(all.sizes.size()));
        all.sizes.push_back(static_cast<double>(each.values.size()));
    }
    return all;
}

double h_of(const std::vector<double>& ranks, const std::vector<std::uint32_t>& group_of,
            const std::vector<double>& sizes, double tie_correction) {
    const auto n = static_cast<double>(ranks.size());
    std::vector<double> sums(sizes.size(), 0.0);
    for (std::size_t i = 0; i < ranks.size(); ++i) sums[group_of[i]] += ranks[i];
    double total = 0;
    for (std::size_t each = 0; each < sizes.size(); ++each) total += sums[each] * sums[each] / sizes[each];
    return (12 / (n * (n + 1)) * total - 3 * (n + 1)) / tie_correction;
}

/// Uniform in [0, below) from a generator whose numbers the standard fixes, unlike its distributions'.
std::size_t draw(std::mt19937_64& random, std::size_t below) {
    const std::uint64_t limit = std::mt19937_64::max() - std::mt19937_64::max() % below;
    std::uint64_t drawn = random();
    while (drawn >= limit) drawn = random();
    return static_cast<std::size_t>(drawn % below);
}

template <class Values>
void shuffle(Values& values, std::mt19937_64& random) {
    for (std::size_t left = values.size(); left > 1; --left) std::swap(values[left - 1], values[draw(random, left)]);
}

double pearson(const contingency& table) {
    const auto all = static_cast<double>(total_of(table));
    std::vector<double> columns(table.categories.size(), 0.0);
    for (const auto& row : table.counts) {
        for (std::size_t column = 0; column < row.size(); ++column) columns[column] += static_cast<double>(row[column]);
    }
    double sum = 0;
    for (const auto& row : table.counts) {
        const auto size = static_cast<double>(std::accumulate(row.begin(), row.end(), std::int64_t{0}));
        for (std::size_t column = 0; column < row.size(); ++column) {
            const double expected = size * columns[column] / all;
            if (expected > 0) sum += std::pow(static_cast<double>(row[column]) - expected, 2) / expected;
        }
    }
    return sum;
}

/// Equal but for rounding counts as as extreme.
constexpr double rounding = 1e-9;

}  // namespace

test_result kruskal_wallis(std::span<const numeric_group> groups) {
    const pooled all = pool(groups);
    if (all.sizes.size() < 2) return {};
    const ranking ranked = rank(all.values);
    test_result made;
    made.degrees = static_cast<double>(all.sizes.size()) - 1;
    if (!(ranked.tie_correction > 0)) return made;
    made.statistic = std::max(0.0, h_of(ranked.ranks, all.group_of, all.sizes, ranked.tie_correction));
    made.p = chance_of_more(made.statistic, made.degrees);
    return made;
}

test_result one_way_f(std::span<const numeric_group> groups) {
    const pooled all = pool(groups);
    const auto n = static_cast<double>(all.values.size());
    const auto k = static_cast<double>(all.sizes.size());
    if (k < 2 || n <= k) return {};
    const double mean = std::accumulate(all.values.begin(), all.values.end(), 0.0) / n;
    double between = 0;
    double within = 0;
    for (const auto& each : groups) {
        if (each.values.empty()) continue;
        const auto size = static_cast<double>(each.values.size());
        const double own = std::accumulate(each.values.begin(), each.values.end(), 0.0) / size;
        between += size * (own - mean) * (own - mean);
        for (const double value : each.values) within += (value - own) * (value - own);
    }
    test_result made;
    made.degrees = k - 1;
    if (!(within > 0)) {
        made.statistic = between > 0 ? INFINITY : 0;
        made.p = between > 0 ? 0 : 1;
        return made;
    }
    made.statistic = (between / (k - 1)) / (within / (n - k));
    made.p = boost::math::cdf(boost::math::complement(boost::math::fisher_f(k - 1, n - k), made.statistic));
    return made;
}

test_result chi_squared(const contingency& table) {
    const contingency used = without_empty(table);
    if (used.groups.size() < 2 || used.categories.size() < 2) return {};
    test_result made;
    made.statistic = pearson(used);
    made.degrees = static_cast<double>((used.groups.size() - 1) * (used.categories.size() - 1));
    made.p = chance_of_more(made.statistic, made.degrees);
    return made;
}

bool chi_squared_holds(const contingency& table) {
    const contingency used = without_empty(table);
    const auto all = static_cast<double>(total_of(used));
    std::size_t below_five = 0;
    std::vector<double> columns(used.categories.size(), 0.0);
    for (const auto& row : used.counts) {
        for (std::size_t column = 0; column < row.size(); ++column) columns[column] += static_cast<double>(row[column]);
    }
    for (const auto& row : used.counts) {
        const auto size = static_cast<double>(std::accumulate(row.begin(), row.end(), std::int64_t{0}));
        for (const double column : columns) {
            const double expected = size * column / all;
            if (expected < 1) return false;
            if (expected < 5) ++below_five;
        }
    }
    return below_five * 5 <= used.groups.size() * used.categories.size();
}

test_result kruskal_wallis_by_permutation(std::span<const numeric_group> groups, std::uint32_t rounds,
                                          std::uint64_t seed) {
    test_result made = kruskal_wallis(groups);
    pooled all = pool(groups);
    if (all.sizes.size() < 2) return made;
    const ranking ranked = rank(all.values);
    if (!(ranked.tie_correction > 0)) return made;
    std::mt19937_64 random(seed);
    std::uint32_t as_extreme = 0;
    for (std::uint32_t round = 0; round < rounds; ++round) {
        shuffle(all.group_of, random);
        if (h_of(ranked.ranks, all.group_of, all.sizes, ranked.tie_correction) >= made.statistic - rounding)
            ++as_extreme;
    }
    made.p = (as_extreme + 1.0) / (rounds + 1.0);
    return made;
}

test_result chi_squared_by_permutation(const contingency& table, std::uint32_t rounds, std::uint64_t seed) {
    test_result made = chi_squared(table);
    const contingency used = without_empty(table);
    if (used.groups.size() < 2 || used.categories.size() < 2) return made;
    std::vector<std::uint32_t> group_of;
    std::vector<std::uint32_t> category_of;
    for (std::uint32_t row = 0; row < used.counts.size(); ++row) {
        for (std::uint32_t column = 0; column < used.counts[row].size(); ++column) {
            group_of.insert(group_of.end(), static_cast<std::size_t>(used.counts[row][column]), row);
            category_of.insert(category_of.end(), static_cast<std::size_t>(used.counts[row][column]), column);
        }
    }
    std::mt19937_64 random(seed);
    contingency drawn = used;
    std::uint32_t as_extreme = 0;
    for (std::uint32_t round = 0; round < rounds; ++round) {
        shuffle(group_of, random);
        for (auto& row : drawn.counts) std::fill(row.begin(), row.end(), 0);
        for (std::size_t i = 0; i < group_of.size(); ++i) ++drawn.counts[group_of[i]][category_of[i]];
        if (pearson(drawn) >= made.statistic - rounding) ++as_extreme;
    }
    made.p = (as_extreme + 1.0) / (rounds + 1.0);
    return made;
}

}  // namespace kindred::insight
