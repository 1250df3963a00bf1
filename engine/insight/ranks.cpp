#include "engine/insight/ranks.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace kindred::insight {

ranking rank(const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    ranking made;
    made.ranks.resize(values.size());
    double ties = 0;
    for (std::size_t first = 0; first < order.size();) {
        std::size_t last = first;
        while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]]) ++last;
        const double shared = static_cast<double>(first + last) / 2 + 1;
        for (std::size_t each = first; each <= last; ++each) made.ranks[order[each]] = shared;
        const auto run = static_cast<double>(last - first + 1);
        ties += run * run * run - run;
        first = last + 1;
    }
    const auto n = static_cast<double>(values.size());
    if (values.size() > 1) made.tie_correction = 1 - ties / (n * n * n - n);
    return made;
}

}  // namespace kindred::insight
