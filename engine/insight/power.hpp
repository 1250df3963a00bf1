#pragma once
#include <cstdint>

/// How likely a difference of a given size would be found, and how many answers that takes.
namespace kindred::insight {

/// The chance that the one-way analysis of variance finds groups of equal size that explain `eta_squared` of the
/// variance. Kruskal and Wallis' test needs some 5 % more answers for the same where values are normal, fewer where
/// they are not. 0 where it cannot be done (fewer than two groups or no value to spare).
double power_of_f(double eta_squared, std::int64_t values, std::int64_t groups, double level = 0.05);

/// The chance that chi squared finds an association of `w` (sqrt(chi squared / n): Cohen's effect size).
double power_of_chi_squared(double w, std::int64_t counts, double degrees, double level = 0.05);

/// The least number of values over all groups for which power_of_f is at least `power`; 0 < eta_squared < 1. At most
/// 100 million, which stands for "more than anyone has".
std::int64_t values_needed(double eta_squared, std::int64_t groups, double power = 0.8, double level = 0.05);

/// The least number of counts for which power_of_chi_squared is at least `power`.
std::int64_t counts_needed(double w, double degrees, double power = 0.8, double level = 0.05);

}  // namespace kindred::insight
