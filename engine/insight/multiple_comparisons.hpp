#pragma once
#include <vector>

/// Who asks twenty questions gets one false answer at 5 %: p values corrected for how many were looked at.
namespace kindred::insight {

/// Keeps the chance of even one false find below the level. (Holm: A simple sequentially rejective multiple test
/// procedure, Scandinavian Journal of Statistics 6, 1979.) In the order given.
std::vector<double> holm(const std::vector<double>& p);

/// Keeps the share of false finds among all below the level. (Benjamini, Hochberg: Controlling the false discovery
/// rate, JRSS B 57, 1995.) In the order given.
std::vector<double> benjamini_hochberg(const std::vector<double>& p);

}  // namespace kindred::insight
