#include "engine/insight/tests_of_groups.hpp"

#include "engine/insight/ranks.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>
#include <deque>
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

pooled pool(const chosen_groups& groups) {
    pooled all;
    for (const auto* each : groups) {
        if (each->values.empty()) continue;
        all.values.insert(all.values.end(), each->values.begin(), each->values.end());
        all.group_of.insert(all.group_of.end(), each->values.size(), static_cast<std::uint32_t>(all.sizes.size()));
        all.sizes.push_back(static_cast<double>(each->values.size()));
    }
    return all;
}

double h_of(const std::vector<double>& rank_sums, const std::vector<double>& sizes, double n, double tie_correction) {
    double total = 0;
    for (std::size_t each = 0; each < sizes.size(); ++each) total += rank_sums[each] * rank_sums[each] / sizes[each];
    return (12 / (n * (n + 1)) * total - 3 * (n + 1)) / tie_correction;
}

double h_of(const std::vector<double>& ranks, const std::vector<std::uint32_t>& group_of,
            const std::vector<double>& sizes, double tie_correction) {
    std::vector<double> sums(sizes.size(), 0.0);
    for (std::size_t i = 0; i < ranks.size(); ++i) sums[group_of[i]] += ranks[i];
    return h_of(sums, sizes, static_cast<double>(ranks.size()), tie_correction);
}

/// The sums of ranks of groups that are sorted each: by merging, which takes one walk where sorting all of them
/// together, as rank() does, takes a hundred times as long.
class merged_ranks {
public:
    explicit merged_ranks(const chosen_groups& groups) {
        for (const auto* each : groups) {
            if (each->values.empty()) continue;
            const auto* sorted = &each->ascending;
            if (sorted->empty()) {
                sorted = &sorted_here_.emplace_back(each->values);
                std::sort(sorted_here_.back().begin(), sorted_here_.back().end());
            }
            left_.push_back({sorted->data(), sorted->data() + sorted->size()});
            sizes.push_back(static_cast<double>(sorted->size()));
            n += sizes.back();
        }
        sums.resize(sizes.size());
        merge();
    }

    std::vector<double> sums;
    std::vector<double> sizes;
    double n = 0;
    double tie_correction = 1;

private:
    struct run {
        const double* next;
        const double* end;
    };

    void merge() {
        double before = 0;
        double ties = 0;
        std::vector<double> equal(left_.size());
        while (before < n) {
            const double* least = nullptr;
            for (const auto& each : left_)
                if (each.next != each.end && (least == nullptr || *each.next < *least)) least = each.next;
            const double value = *least;
            double all = 0;
            for (std::size_t i = 0; i < left_.size(); ++i) {
                const auto* const begin = left_[i].next;
                while (left_[i].next != left_[i].end && *left_[i].next == value) ++left_[i].next;
                equal[i] = static_cast<double>(left_[i].next - begin);
                all += equal[i];
            }
            const double shared = (before + before + all - 1) / 2 + 1;
            // Halves and whole numbers: no rounding, whatever the order in which they are added.
            for (std::size_t i = 0; i < left_.size(); ++i) sums[i] += shared * equal[i];
            ties += all * all * all - all;
            before += all;
        }
        if (n > 1) tie_correction = 1 - ties / (n * n * n - n);
    }

    std::deque<std::vector<double>> sorted_here_;
    std::vector<run> left_;
};

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

test_result kruskal_wallis(const chosen_groups& groups) {
    const merged_ranks ranked(groups);
    if (ranked.sizes.size() < 2) return {};
    test_result made;
    made.degrees = static_cast<double>(ranked.sizes.size()) - 1;
    if (!(ranked.tie_correction > 0)) return made;
    made.statistic = std::max(0.0, h_of(ranked.sums, ranked.sizes, ranked.n, ranked.tie_correction));
    made.p = chance_of_more(made.statistic, made.degrees);
    return made;
}

test_result one_way_f(const chosen_groups& groups) {
    double n = 0;
    double k = 0;
    double sum = 0;
    for (const auto* each : groups) {
        n += static_cast<double>(each->values.size());
        k += each->values.empty() ? 0 : 1;
        sum = std::accumulate(each->values.begin(), each->values.end(), sum);
    }
    if (k < 2 || n <= k) return {};
    const double mean = sum / n;
    double between = 0;
    double within = 0;
    for (const auto* each : groups) {
        if (each->values.empty()) continue;
        const auto size = static_cast<double>(each->values.size());
        const double own = std::accumulate(each->values.begin(), each->values.end(), 0.0) / size;
        between += size * (own - mean) * (own - mean);
        for (const double value : each->values) within += (value - own) * (value - own);
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

test_result kruskal_wallis_by_permutation(const chosen_groups& groups, std::uint32_t rounds, std::uint64_t seed) {
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
