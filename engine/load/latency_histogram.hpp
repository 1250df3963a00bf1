#pragma once
#include <chrono>
#include <cstdint>
#include <vector>

namespace kindred::load {

/// Counts of durations in buckets no wider than 1 % of what they hold, from nanoseconds to over an hour: any number of
/// durations in a fixed 40 kB, and no sorting. Pure.
class latency_histogram {
public:
    using nanoseconds = std::chrono::nanoseconds;

    latency_histogram();

    /// Negative durations count as 0, those beyond the last bucket as the last.
    void add(nanoseconds took);

    std::uint64_t count() const { return count_; }
    /// Exact; 0 when there is none.
    nanoseconds max() const { return max_; }
    /// The smallest duration that at least `share` (0 to 1) of all do not exceed, at most 1 % too large and never over
    /// max(); 0 when there is none.
    nanoseconds quantile(double share) const;

private:
    std::vector<std::uint64_t> buckets_;
    std::uint64_t count_ = 0;
    nanoseconds max_{0};
};

}  // namespace kindred::load
