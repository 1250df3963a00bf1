#include "engine/load/schedule.hpp"

#include <algorithm>
#include <cmath>

namespace kindred::load {

schedule::schedule(double per_second, nanoseconds lasting)
    : gap_(1e9 / per_second),
      total_(std::max<std::uint64_t>(
          1, static_cast<std::uint64_t>(std::llround(static_cast<double>(lasting.count()) / gap_)))) {}

schedule::nanoseconds schedule::due(std::uint64_t number) const {
    return nanoseconds(std::llround(static_cast<double>(number) * gap_));
}

std::uint64_t schedule::due_by(nanoseconds since_begin) const {
    if (since_begin.count() < 0) return 0;
    auto number = static_cast<std::uint64_t>(static_cast<double>(since_begin.count()) / gap_);
    // The division rounds by itself; due() has the last word.
    while (number > 0 && due(number) > since_begin) --number;
    while (due(number + 1) <= since_begin) ++number;
    return std::min(number + 1, total_);
}

}  // namespace kindred::load
