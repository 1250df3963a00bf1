#include "engine/insight/duration_series.hpp"

#include <algorithm>

namespace kindred::insight {
namespace {

std::int64_t three_digits(std::int64_t value) {
    std::int64_t scale = 1;
    while (value / scale >= 1000) scale *= 10;
    return value / scale * scale;
}

}  // namespace

void duration_series::add(duration span) {
    const auto value = std::max<std::int64_t>(span.count(), 0);
    ++count_;
    sum_ += value;
    longest_ = std::max(longest_, duration{value});
    if (!rounded_.empty()) {
        ++rounded_[three_digits(value)];
        return;
    }
    exact_.push_back(value);
    sorted_ = false;
    if (exact_.size() > most_exact) round_all();
}

void duration_series::round_all() {
    for (const auto value : exact_) ++rounded_[three_digits(value)];
    exact_ = {};
}

duration duration_series::percentile(int percent) {
    if (count_ == 0) return duration{0};
    const auto rank = std::max<std::int64_t>((count_ * percent + 99) / 100, 1);
    if (rounded_.empty()) {
        if (!sorted_) std::sort(exact_.begin(), exact_.end());
        sorted_ = true;
        return duration{exact_.at(static_cast<std::size_t>(rank - 1))};
    }
    std::int64_t seen = 0;
    for (const auto& [value, times] : rounded_) {
        seen += times;
        if (seen >= rank) return duration{value};
    }
    return longest_;
}

}  // namespace kindred::insight
