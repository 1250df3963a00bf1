#include "engine/load/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace kindred::load {
namespace {

// Each power of two is cut into `slices` buckets of equal width; below 2 * slices every value has its own.
constexpr unsigned slice_bits = 7;
constexpr std::uint64_t slices = 1U << slice_bits;
constexpr unsigned most_bits = 43;  // 2^43 ns is 2.4 hours
constexpr std::uint64_t bucket_count = (most_bits - slice_bits + 1) * slices;

std::uint64_t bucket_of(std::uint64_t value) {
    const auto width = static_cast<unsigned>(std::bit_width(value));
    const unsigned shift = width > slice_bits + 1 ? width - slice_bits - 1 : 0;
    return std::min(shift * slices + (value >> shift), bucket_count - 1);
}

std::uint64_t largest_in(std::uint64_t bucket) {
    if (bucket < 2 * slices) return bucket;
    const std::uint64_t shift = bucket / slices - 1;
    return ((bucket - shift * slices + 1) << shift) - 1;
}

}  // namespace

latency_histogram::latency_histogram() : buckets_(bucket_count) {}

void latency_histogram::add(nanoseconds took) {
    took = std::max(took, nanoseconds{0});
    ++buckets_[bucket_of(static_cast<std::uint64_t>(took.count()))];
    ++count_;
    max_ = std::max(max_, took);
}

latency_histogram::nanoseconds latency_histogram::quantile(double share) const {
    const auto wanted =
        static_cast<std::uint64_t>(std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::uint64_t bucket = 0; bucket < bucket_count; ++bucket) {
        seen += buckets_[bucket];
        if (seen > 0 && seen >= wanted) {
            const bool is_last = bucket + 1 == bucket_count;  // has no upper end of its own
            return is_last ? max_ : std::min(max_, nanoseconds(largest_in(bucket)));
        }
    }
    return max_;
}

}  // namespace kindred::load
