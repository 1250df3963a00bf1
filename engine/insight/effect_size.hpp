#pragma once
#include "engine/insight/samples.hpp"

#include <span>

/// How much groups differ, whatever the number of answers: 0 not at all, 1 completely.
namespace kindred::insight {

struct effect {
    double size = 0;
    double low = 0;   ///< of the confidence interval
    double high = 1;  ///< of the confidence interval
};

/// The share of the variance that the groups explain, with the two-sided interval from the noncentral F distribution.
/// Not to be told (one group, no variance): size 0 within [0, 1]. (Steiger: Beyond the F test, Psychological Methods
/// 9, 2004.) `confidence` is between 0 and 1.
effect eta_squared(const chosen_groups& groups, double confidence = 0.95);
inline effect eta_squared(std::span<const numeric_group> groups, double confidence = 0.95) {
    return eta_squared(all_of(groups), confidence);
}

/// sqrt(chi squared / (n * (smaller side - 1))), with the two-sided interval from the noncentral chi squared
/// distribution. (Smithson: Confidence Intervals, Sage 2003, chapter 3.)
effect cramers_v(const contingency& table, double confidence = 0.95);

}  // namespace kindred::insight
