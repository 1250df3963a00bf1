#pragma once
#include <vector>

namespace kindred::insight {

struct ranking {
    std::vector<double> ranks;  ///< from 1; equal values share the mean of theirs
    /// 1 - sum(t^3 - t) / (n^3 - n) over runs of t equal values: 1 without ties, 0 when all are equal.
    double tie_correction = 1;
};

/// Ranks values in their order of size; `ranks` is in the order given.
ranking rank(const std::vector<double>& values);

}  // namespace kindred::insight
