#pragma once
#include "engine/insight/samples.hpp"

#include <cstdint>
#include <span>

/// Do groups differ at all? Tests of the hypothesis that they do not.
namespace kindred::insight {

struct test_result {
    double statistic = 0;
    double degrees = 0;  ///< of freedom
    double p = 1;        ///< how often chance alone does as much
};

/// Kruskal and Wallis' H by ranks, corrected for ties; p from chi squared with groups - 1 degrees of freedom, good from
/// about five values a group on. Fewer than two groups with values, or all values equal: p is 1.
/// (Kruskal, Wallis: Use of ranks in one-criterion variance analysis, JASA 47, 1952.)
test_result kruskal_wallis(const chosen_groups& groups);
inline test_result kruskal_wallis(std::span<const numeric_group> groups) { return kruskal_wallis(all_of(groups)); }

/// The one-way analysis of variance: F with (groups - 1, values - groups) degrees; `degrees` holds the first.
test_result one_way_f(const chosen_groups& groups);
inline test_result one_way_f(std::span<const numeric_group> groups) { return one_way_f(all_of(groups)); }

/// Pearson's chi squared of independence, without continuity correction.
test_result chi_squared(const contingency& table);

/// The share of counts that would be expected below five if groups were alike, and the smallest of them: chi squared is
/// trusted where at most a fifth is below five and none below one (Cochran 1954).
bool chi_squared_holds(const contingency& table);

/// kruskal_wallis with p from `rounds` random assignments of the same values to the groups: (as extreme + 1) /
/// (rounds + 1). The same seed gives the same p on every machine.
test_result kruskal_wallis_by_permutation(const chosen_groups& groups, std::uint32_t rounds, std::uint64_t seed);
inline test_result kruskal_wallis_by_permutation(std::span<const numeric_group> groups, std::uint32_t rounds,
                                                 std::uint64_t seed) {
    return kruskal_wallis_by_permutation(all_of(groups), rounds, seed);
}

/// chi_squared with p from `rounds` random tables with the same margins.
test_result chi_squared_by_permutation(const contingency& table, std::uint32_t rounds, std::uint64_t seed);

}  // namespace kindred::insight
