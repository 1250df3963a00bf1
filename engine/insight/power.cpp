#include "engine/insight/power.hpp"

#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/distributions/non_central_f.hpp>
#include <cmath>

namespace kindred::insight {
namespace {

constexpr std::int64_t most_values = 100'000'000;
/// Beyond it the chance of missing is below any that a double tells from none, and the series no longer end.
constexpr double certain = 5'000;

template <class Power>
std::int64_t least(Power enough, std::int64_t from) {
    std::int64_t high = from;
    while (!enough(high)) {
        if (high >= most_values) return most_values;
        high *= 2;
    }
    std::int64_t low = from;
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        if (enough(middle))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

}  // namespace

double power_of_f(double eta_squared, std::int64_t values, std::int64_t groups, double level) {
    if (groups < 2 || values <= groups || !(eta_squared > 0)) return 0;
    if (eta_squared >= 1) return 1;
    const auto d1 = static_cast<double>(groups - 1);
    const auto d2 = static_cast<double>(values - groups);
    const double lambda = eta_squared / (1 - eta_squared) * static_cast<double>(values);
    if (lambda > certain) return 1;
    const double critical = boost::math::quantile(boost::math::complement(boost::math::fisher_f(d1, d2), level));
    return boost::math::cdf(boost::math::complement(boost::math::non_central_f(d1, d2, lambda), critical));
}

double power_of_chi_squared(double w, std::int64_t counts, double degrees, double level) {
    if (!(degrees >= 1) || counts < 1 || !(w > 0)) return 0;
    const double lambda = w * w * static_cast<double>(counts);
    if (lambda > certain) return 1;
    const double critical = boost::math::quantile(boost::math::complement(boost::math::chi_squared(degrees), level));
    return boost::math::cdf(boost::math::complement(boost::math::non_central_chi_squared(degrees, lambda), critical));
}

std::int64_t values_needed(double eta_squared, std::int64_t groups, double power, double level) {
    return least([&](std::int64_t n) { return power_of_f(eta_squared, n, groups, level) >= power; }, groups + 1);
}

std::int64_t counts_needed(double w, double degrees, double power, double level) {
    return least([&](std::int64_t n) { return power_of_chi_squared(w, n, degrees, level) >= power; }, 1);
}

}  // namespace kindred::insight
