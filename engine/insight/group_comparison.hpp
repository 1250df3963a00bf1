#pragma once
#include "engine/insight/effect_size.hpp"
#include "engine/insight/samples.hpp"
#include "engine/insight/tests_of_groups.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// One dimension of segments against one outcome: do its groups differ, by how much, and how sure is that?
namespace kindred::insight {

enum class measure : std::uint8_t { eta_squared = 1, cramers_v };
enum class method : std::uint8_t { kruskal_wallis = 1, kruskal_wallis_permuted, chi_squared, chi_squared_permuted };
std::string_view name_of(measure of);
std::string_view name_of(method by);

/// What counts as what. The defaults are Cohen's small and medium effects (Statistical Power Analysis, 1988).
struct comparison_policy {
    double level = 0.05;                 ///< below it an adjusted p counts as a difference
    double confidence = 0.95;            ///< of the intervals
    double power = 0.8;                  ///< that is wanted before "no difference found" says anything
    double negligible_eta = 0.01;        ///< an effect surely below it makes no difference
    double negligible_v = 0.1;           ///< the same for categories
    double worthwhile_eta = 0.06;        ///< an effect worth having groups for
    double worthwhile_v = 0.3;           ///< the same for categories
    std::uint32_t few = 5;               ///< a group with fewer numbers is tested by permutation
    std::uint32_t rounds = 9'999;        ///< of a permutation test
    std::int64_t most_permuted = 2'000;  ///< values; beyond them the test by formula is as good, and permuting slow
    std::uint64_t seed = 1;
};

/// What one group is like by itself.
struct group_profile {
    std::string name;
    std::int64_t answers = 0;
    double mean = 0;        ///< of numbers
    double deviation = 0;   ///< of numbers, standard, with n - 1
    std::string commonest;  ///< of categories
    double share = 0;       ///< of answers that are the commonest
    /// How alike its members are: 1 - (variance inside / variance of all) for numbers, 1 - (entropy / the most there
    /// can be) for categories. 1: all the same; numbers can go below 0, where a group is more mixed than everybody.
    double alike = 0;
};

/// Two groups of the dimension against each other.
struct pair_comparison {
    std::string first;
    std::string second;
    double p = 1;
    double adjusted_p = 1;  ///< by Holm over the pairs of the dimension
    effect differs;
    bool alike = false;  ///< the whole interval of the effect is negligible
};

struct group_comparison {
    std::string dimension;
    std::string outcome;
    measure of = measure::eta_squared;
    method by = method::kruskal_wallis;
    test_result test;
    double adjusted_p = 1;  ///< over all comparisons made together; until adjust() the plain p
    effect differs;
    std::int64_t answers = 0;
    double power = 0;              ///< of finding a worthwhile effect among this many answers
    std::int64_t more_needed = 0;  ///< answers until that power is reached; 0: enough
    std::vector<group_profile> groups;
    std::vector<pair_comparison> pairs;
};

/// Groups without values are left out; fewer than two left make a comparison with no test and p 1.
group_comparison compare_numbers(std::string dimension, std::string outcome, std::vector<numeric_group> groups,
                                 const comparison_policy& policy);
group_comparison compare_categories(std::string dimension, std::string outcome, contingency table,
                                    const comparison_policy& policy);

/// Corrects the p of comparisons that are looked at together (Benjamini and Hochberg).
void adjust(std::vector<group_comparison>& all);

bool is_negligible(const group_comparison& made, const comparison_policy& policy);
bool is_difference(const group_comparison& made, const comparison_policy& policy);

}  // namespace kindred::insight
