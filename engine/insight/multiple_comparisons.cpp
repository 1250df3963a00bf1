#include "engine/insight/multiple_comparisons.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace kindred::insight {
namespace {

std::vector<std::size_t> rising(const std::vector<double>& p) {
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    return order;
}

}  // namespace

std::vector<double> holm(const std::vector<double>& p) {
    std::vector<double> adjusted(p.size());
    double most = 0;
    std::size_t left = p.size();
    for (const std::size_t each : rising(p)) {
        most = std::max(most, std::min(1.0, p[each] * static_cast<double>(left--)));
        adjusted[each] = most;
    }
    return adjusted;
}

std::vector<double> benjamini_hochberg(const std::vector<double>& p) {
    std::vector<double> adjusted(p.size());
    const auto order = rising(p);
    double least = 1;
    for (std::size_t place = order.size(); place > 0; --place) {
        const std::size_t each = order[place - 1];
        least = std::min(least, p[each] * static_cast<double>(p.size()) / static_cast<double>(place));
        adjusted[each] = least;
    }
    return adjusted;
}

}  // namespace kindred::insight
