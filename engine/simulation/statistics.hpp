#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kindred::simulation {

/// A mean with the half-width of its 95 % confidence interval.
struct estimate {
    double mean = 0;
    double half_width = 0;
};

/// The ratio of two sums that were taken over the same stretches of time: waits over contacts, busy over present time.
/// What happens in a queue hangs together for long, so that single contacts say nothing about how sure a mean is;
/// stretches much longer than that do (batch means). Neighbours that still resemble each other widen the interval.
/// Zero where nothing was counted; the half-width is infinite below two stretches.
estimate ratio_of_sums(std::span<const double> above, std::span<const double> below);

/// The two-sided 95 % quantile of Student's t.
double student_95(std::size_t degrees_of_freedom);

/// Lengths in milliseconds, counted with a relative error below 1/512.
class histogram {
public:
    void add(std::int64_t millis);
    std::uint64_t count() const { return count_; }
    /// The smallest length that at least this share of all does not exceed; 0 where there are none.
    double quantile(double share) const;

    struct bar {
        double from = 0;  ///< milliseconds
        double to = 0;
        std::uint64_t count = 0;
    };
    std::vector<bar> bars() const;

private:
    std::vector<std::uint64_t> counts_;
    std::uint64_t count_ = 0;
};

}  // namespace kindred::simulation
