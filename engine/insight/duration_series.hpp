#pragma once
#include "engine/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace kindred::insight {

/// Spans of time, for their percentiles. Exact up to a million; a series that has more rounds each down to three
/// significant digits (an error below 1 %) and takes no more memory however many come.
class duration_series {
public:
    static constexpr std::size_t most_exact = 1'000'000;

    void add(duration span);
    std::int64_t count() const { return count_; }
    duration longest() const { return longest_; }
    /// In milliseconds; exact whatever the number. 0 for none.
    double mean() const { return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_); }
    /// The nearest rank: the smallest that is at least as long as `percent` of all. None has no percentiles: 0.
    duration percentile(int percent);

private:
    void round_all();

    std::int64_t count_ = 0;
    std::int64_t sum_ = 0;
    duration longest_{0};
    bool sorted_ = true;
    std::vector<std::int64_t> exact_;
    std::map<std::int64_t, std::int64_t> rounded_;  ///< how many of each; used once there are too many
};

}  // namespace kindred::insight
