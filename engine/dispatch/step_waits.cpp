#include "engine/dispatch/step_waits.hpp"

#include <algorithm>
#include <cmath>

namespace kindred::dispatch {

namespace {

struct part {
    double mean = 0;    ///< of the wait, cut off where the step ends
    double longer = 0;  ///< the chance that it is not over by then
};

part within_step(const step_wait& of) {
    constexpr double many = 50;      // so many turns hardly ever take another time than their mean
    constexpr double largest = 600;  // of what exp() is asked for
    if (of.mean <= 0) return {0, 0};
    if (of.turns > many) return {std::min(of.mean, of.lasts), of.mean > of.lasts ? 1.0 : 0.0};
    const int turns = std::max(1, static_cast<int>(std::lround(of.turns)));
    const double expected = of.lasts * turns / of.mean;  // departures while the step lasts
    if (expected > largest) return {of.mean, 0};
    double exactly = std::exp(-expected);
    double at_most = 0;
    part made;
    for (int each = 0; each < turns; ++each) {
        at_most += exactly;
        made.mean += (1 - at_most) * of.mean / turns;
        exactly *= expected / (each + 1);
    }
    made.longer = at_most;
    return made;
}

}  // namespace

double wait_through(std::span<const step_wait> steps) {
    double passed = 0;
    double wait = 0;
    double still = 1;  // the chance that it gets as far as this step
    for (std::size_t each = 0; each < steps.size(); ++each) {
        step_wait left = steps[each];
        if (left.mean > 0) {
            // Its own turn is always to come.
            left.mean = std::max(left.mean - passed, left.mean / left.turns);
            left.turns *= left.mean / steps[each].mean;
        }
        if (each + 1 == steps.size()) return wait + still * left.mean;
        const part here = within_step(left);
        wait += still * here.mean;
        still *= here.longer;
        passed += left.lasts;
    }
    return wait;
}

}  // namespace kindred::dispatch
