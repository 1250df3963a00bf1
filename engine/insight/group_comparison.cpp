#include "engine/insight/group_comparison.hpp"

#include "engine/insight/multiple_comparisons.hpp"
#include "engine/insight/power.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

namespace kindred::insight {
namespace {

double variance_of(const std::vector<double>& values, double mean) {
    if (values.size() < 2) return 0;
    double sum = 0;
    for (const double each : values) sum += (each - mean) * (each - mean);
    return sum / static_cast<double>(values.size() - 1);
}

double mean_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double variance_of_all(const chosen_groups& groups) {
    double count = 0;
    double sum = 0;
    for (const auto* each : groups) {
        count += static_cast<double>(each->values.size());
        sum = std::accumulate(each->values.begin(), each->values.end(), sum);
    }
    if (count < 2) return 0;
    const double mean = sum / count;
    double squares = 0;
    for (const auto* each : groups)
        for (const double value : each->values) squares += (value - mean) * (value - mean);
    return squares / (count - 1);
}

std::vector<group_profile> profiles_of(const chosen_groups& groups) {
    const double of_all = variance_of_all(groups);
    std::vector<group_profile> made;
    for (const auto* each : groups) {
        auto& profile = made.emplace_back();
        profile.name = each->name;
        profile.answers = static_cast<std::int64_t>(each->values.size());
        profile.mean = mean_of(each->values);
        const double variance = variance_of(each->values, profile.mean);
        profile.deviation = std::sqrt(variance);
        profile.alike = of_all > 0 ? 1 - variance / of_all : 1;
    }
    return made;
}

std::vector<group_profile> profiles_of(const contingency& table) {
    std::vector<group_profile> made;
    const double most = std::log(static_cast<double>(std::max<std::size_t>(table.categories.size(), 2)));
    for (std::size_t row = 0; row < table.groups.size(); ++row) {
        const auto& counts = table.counts[row];
        auto& profile = made.emplace_back();
        profile.name = table.groups[row];
        profile.answers = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
        const auto commonest = std::max_element(counts.begin(), counts.end());
        profile.commonest = table.categories[static_cast<std::size_t>(commonest - counts.begin())];
        profile.share = static_cast<double>(*commonest) / static_cast<double>(profile.answers);
        double entropy = 0;
        for (const std::int64_t each : counts) {
            if (each == 0) continue;
            const double share = static_cast<double>(each) / static_cast<double>(profile.answers);
            entropy -= share * std::log(share);
        }
        profile.alike = 1 - entropy / most;
    }
    return made;
}

test_result tested(const chosen_groups& groups, const comparison_policy& policy, method& by) {
    const bool few = std::any_of(groups.begin(), groups.end(),
                                 [&](const numeric_group* each) { return each->values.size() < policy.few; });
    std::int64_t all = 0;
    for (const auto* each : groups) all += static_cast<std::int64_t>(each->values.size());
    by = few && all <= policy.most_permuted ? method::kruskal_wallis_permuted : method::kruskal_wallis;
    return by == method::kruskal_wallis ? kruskal_wallis(groups)
                                        : kruskal_wallis_by_permutation(groups, policy.rounds, policy.seed);
}

test_result tested(const contingency& table, const comparison_policy& policy, method& by) {
    by = !chi_squared_holds(table) && total_of(table) <= policy.most_permuted ? method::chi_squared_permuted
                                                                              : method::chi_squared;
    return by == method::chi_squared ? chi_squared(table)
                                     : chi_squared_by_permutation(table, policy.rounds, policy.seed);
}

effect sized(const chosen_groups& groups, double confidence) { return eta_squared(groups, confidence); }
effect sized(const contingency& table, double confidence) { return cramers_v(table, confidence); }

std::size_t groups_of(const chosen_groups& groups) { return groups.size(); }
std::size_t groups_of(const contingency& table) { return table.groups.size(); }

chosen_groups two_of(const chosen_groups& groups, std::size_t a, std::size_t b) { return {groups[a], groups[b]}; }
contingency two_of(const contingency& table, std::size_t a, std::size_t b) {
    return without_empty(
        contingency{{table.groups[a], table.groups[b]}, table.categories, {table.counts[a], table.counts[b]}});
}

template <class Sample>
std::vector<pair_comparison> pairs_of(const Sample& sample, const std::vector<group_profile>& groups, double negligible,
                                      const comparison_policy& policy) {
    std::vector<pair_comparison> made;
    std::vector<double> p;
    for (std::size_t a = 0; a < groups.size(); ++a) {
        for (std::size_t b = a + 1; b < groups.size(); ++b) {
            const Sample two = two_of(sample, a, b);
            auto& pair = made.emplace_back();
            pair.first = groups[a].name;
            pair.second = groups[b].name;
            method by{};
            pair.p = tested(two, policy, by).p;
            pair.differs = sized(two, policy.confidence);
            pair.alike = pair.differs.high <= negligible;
            p.push_back(pair.p);
        }
    }
    const auto adjusted = holm(p);
    for (std::size_t each = 0; each < made.size(); ++each) made[each].adjusted_p = adjusted[each];
    return made;
}

template <class Sample>
group_comparison compared(std::string dimension, std::string outcome, const Sample& sample, double negligible,
                          const comparison_policy& policy) {
    group_comparison made;
    made.dimension = std::move(dimension);
    made.outcome = std::move(outcome);
    made.groups = profiles_of(sample);
    for (const auto& each : made.groups) made.answers += each.answers;
    if (groups_of(sample) < 2) return made;
    made.test = tested(sample, policy, made.by);
    made.adjusted_p = made.test.p;
    made.differs = sized(sample, policy.confidence);
    made.pairs = pairs_of(sample, made.groups, negligible, policy);
    return made;
}

}  // namespace

std::string_view name_of(measure of) { return of == measure::eta_squared ? "eta_squared" : "cramers_v"; }

std::string_view name_of(method by) {
    static constexpr std::array<std::string_view, 4> names{"kruskal_wallis", "kruskal_wallis_permuted", "chi_squared",
                                                           "chi_squared_permuted"};
    return names.at(static_cast<std::size_t>(by) - 1);
}

group_comparison compare_numbers(std::string dimension, std::string outcome, std::vector<numeric_group> groups,
                                 const comparison_policy& policy) {
    groups = without_empty(std::move(groups));
    // Once, for every pair that each of them is in.
    for (auto& each : groups) {
        if (!each.ascending.empty()) continue;
        each.ascending = each.values;
        std::sort(each.ascending.begin(), each.ascending.end());
    }
    auto made = compared(std::move(dimension), std::move(outcome), all_of(groups), policy.negligible_eta, policy);
    made.of = measure::eta_squared;
    const auto k = static_cast<std::int64_t>(std::max<std::size_t>(groups.size(), 2));
    made.power = power_of_f(policy.worthwhile_eta, made.answers, k, policy.level);
    made.more_needed =
        std::max<std::int64_t>(0, values_needed(policy.worthwhile_eta, k, policy.power, policy.level) - made.answers);
    return made;
}

group_comparison compare_categories(std::string dimension, std::string outcome, contingency table,
                                    const comparison_policy& policy) {
    table = without_empty(std::move(table));
    auto made = compared(std::move(dimension), std::move(outcome), table, policy.negligible_v, policy);
    made.of = measure::cramers_v;
    if (made.by == method::kruskal_wallis) made.by = method::chi_squared;
    const std::size_t rows = std::max<std::size_t>(table.groups.size(), 2);
    const std::size_t columns = std::max<std::size_t>(table.categories.size(), 2);
    const auto degrees = static_cast<double>((rows - 1) * (columns - 1));
    const double w = policy.worthwhile_v * std::sqrt(static_cast<double>(std::min(rows, columns) - 1));
    made.power = power_of_chi_squared(w, made.answers, degrees, policy.level);
    made.more_needed = std::max<std::int64_t>(0, counts_needed(w, degrees, policy.power, policy.level) - made.answers);
    return made;
}

void adjust(std::vector<group_comparison>& all) {
    std::vector<double> p;
    for (const auto& each : all) p.push_back(each.test.p);
    const auto adjusted = benjamini_hochberg(p);
    for (std::size_t each = 0; each < all.size(); ++each) all[each].adjusted_p = adjusted[each];
}

bool is_negligible(const group_comparison& made, const comparison_policy& policy) {
    const double line = made.of == measure::eta_squared ? policy.negligible_eta : policy.negligible_v;
    return made.groups.size() > 1 && made.differs.high <= line;
}

bool is_difference(const group_comparison& made, const comparison_policy& policy) {
    const double line = made.of == measure::eta_squared ? policy.negligible_eta : policy.negligible_v;
    return made.adjusted_p < policy.level && made.differs.size > line;
}

}  // namespace kindred::insight
