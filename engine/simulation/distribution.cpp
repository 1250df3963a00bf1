#include "engine/simulation/distribution.hpp"

#include "engine/simulation/portable_math.hpp"

#include <algorithm>
#include <cmath>

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

namespace kindred::simulation {
namespace {

/// Nobody talks for longer; keeps a wild draw of a wide distribution within what dispatch takes.
constexpr double longest = 365.0 * 24 * 3'600'000;

duration rounded(double millis) {
    return duration{static_cast<std::int64_t>(std::floor(std::min(millis, longest) + 0.5))};
}

}  // namespace

duration distribution::draw(random_stream& from) const {
    const auto millis = static_cast<double>(mean.count());
    switch (is) {
        case form::fixed: return mean;
        case form::exponential: return rounded(millis * from.exponential());
        case form::lognormal: {
            const double variance = log_of(1 + cv * cv);  // of the logarithm
            return rounded(millis * exp_of(std::sqrt(variance) * from.normal() - variance / 2));
        }
    }
    return mean;
}

const distribution* by_queue::of(std::string_view queue) const {
    const auto found = named.find(queue);
    if (found != named.end()) return &found->second;
    return others ? &*others : nullptr;
}

}  // namespace kindred::simulation
