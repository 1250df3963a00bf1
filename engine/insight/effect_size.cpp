#include "engine/insight/effect_size.hpp"

#include "engine/insight/tests_of_groups.hpp"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/distributions/non_central_f.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

namespace kindred::insight {
namespace {

/// The noncentrality under which a statistic as small as the one seen has the probability `wanted`; 0 where even none
/// gives less. `at_most(noncentrality)` falls.
template <class Probability>
double noncentrality(Probability at_most, double statistic, double wanted) {
    if (at_most(0.0) <= wanted) return 0;
    double high = std::max(statistic, 1.0);
    while (at_most(high) > wanted) high *= 2;
    std::uintmax_t rounds = 200;
    const auto found = boost::math::tools::toms748_solve([&](double value) { return at_most(value) - wanted; }, 0.0,
                                                         high, boost::math::tools::eps_tolerance<double>(46), rounds);
    return (found.first + found.second) / 2;
}

}  // namespace

effect eta_squared(const chosen_groups& groups, double confidence) {
    double n = 0;
    double k = 0;
    for (const auto* each : groups) {
        n += static_cast<double>(each->values.size());
        k += each->values.empty() ? 0 : 1;
    }
    const test_result f = one_way_f(groups);
    if (f.degrees < 1) return {};
    if (!std::isfinite(f.statistic)) return {1, 1, 1};
    const double d1 = k - 1;
    const double d2 = n - k;
    const auto at_most = [&](double lambda) {
        if (lambda <= 0) return boost::math::cdf(boost::math::fisher_f(d1, d2), f.statistic);
        return boost::math::cdf(boost::math::non_central_f(d1, d2, lambda), f.statistic);
    };
    const double tail = (1 - confidence) / 2;
    const double largest = f.statistic * d1;
    const double low = noncentrality(at_most, largest, 1 - tail);
    const double high = noncentrality(at_most, largest, tail);
    return {f.statistic * d1 / (f.statistic * d1 + d2), low / (low + n), high / (high + n)};
}

effect cramers_v(const contingency& table, double confidence) {
    const contingency used = without_empty(table);
    const test_result x = chi_squared(used);
    if (x.degrees < 1) return {};
    const auto n = static_cast<double>(total_of(used));
    const auto side = static_cast<double>(std::min(used.groups.size(), used.categories.size())) - 1;
    const auto at_most = [&](double lambda) {
        if (lambda <= 0) return boost::math::cdf(boost::math::chi_squared(x.degrees), x.statistic);
        return boost::math::cdf(boost::math::non_central_chi_squared(x.degrees, lambda), x.statistic);
    };
    const double tail = (1 - confidence) / 2;
    const auto v = [&](double of) { return std::min(1.0, std::sqrt(of / (n * side))); };
    return {v(x.statistic), v(noncentrality(at_most, x.statistic, 1 - tail)),
            v(noncentrality(at_most, x.statistic, tail))};
}

}  // namespace kindred::insight
