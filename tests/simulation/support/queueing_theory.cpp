#include "tests/simulation/support/queueing_theory.hpp"

#include <cmath>
#include <vector>

namespace kindred::simulation::testing_support {

double erlang_b(int agents, double erlangs) {
    double lost = 1;
    for (int each = 1; each <= agents; ++each) lost = erlangs * lost / (each + erlangs * lost);
    return lost;
}

expected erlang_c(int agents, double rate, double handling, double within) {
    const double erlangs = rate * handling;
    const double lost = erlang_b(agents, erlangs);
    const double spare = agents / handling - rate;  // contacts a second that more could come
    expected told;
    told.occupancy = erlangs / agents;
    told.waited_share = lost / (1 - told.occupancy * (1 - lost));
    told.mean_wait = told.waited_share / spare;
    told.service_level = 1 - told.waited_share * std::exp(-spare * within);
    return told;
}

expected erlang_a(int agents, double rate, double handling, double patience, double within) {
    // The stationary distribution of how many are there, from the birth-and-death chain, far enough out.
    const double served = 1 / handling;
    const double leaves = 1 / patience;
    std::vector<double> chance{1};
    double whole = 1;
    for (int there = 1; there < 100'000; ++there) {
        const int busy = there < agents ? there : agents;
        chance.push_back(chance.back() * rate / (busy * served + (there - busy) * leaves));
        whole += chance.back();
        if (there > agents && chance.back() < whole * 1e-16) break;
    }
    expected told;
    double line = 0;
    double busy = 0;
    for (std::size_t there = 0; there < chance.size(); ++there) {
        chance[there] /= whole;
        const int n = static_cast<int>(there);
        if (n >= agents) told.waited_share += chance[there];
        if (n > agents) line += chance[there] * (n - agents);
        busy += chance[there] * (n < agents ? n : agents);
    }
    told.mean_wait = line / rate;  // Little
    told.abandoned_share = line * leaves / rate;
    told.occupancy = busy / agents;
    // Who meets k in line ahead with all agents busy is answered within t when k + 1 departures come before t and
    // before own patience ends. Uniformise the chain of those ahead: position j moves on at n*served + j*leaves.
    double in_time = 1 - told.waited_share;
    const double step = 1.0 / 4'096 * within;
    std::vector<double> still;  // chance to be at position j now, and not gone
    for (std::size_t there = static_cast<std::size_t>(agents); there < chance.size(); ++there)
        still.push_back(chance[there]);
    const auto moved = [&](const std::vector<double>& at, double& answered) {
        std::vector<double> change(at.size(), 0);
        answered = at[0] * agents * served;
        for (std::size_t j = 0; j < at.size(); ++j) {
            const double on = agents * served + static_cast<double>(j) * leaves;
            change[j] -= at[j] * (on + leaves);
            if (j > 0) change[j - 1] += at[j] * on;
        }
        return change;
    };
    for (int each = 0; each < 4'096 && within > 0; ++each) {
        // Runge-Kutta of the second order is exact enough at this step.
        double now = 0;
        const auto slope = moved(still, now);
        auto half = still;
        for (std::size_t j = 0; j < half.size(); ++j) half[j] += slope[j] * step / 2;
        double later = 0;
        const auto middle = moved(half, later);
        for (std::size_t j = 0; j < still.size(); ++j) still[j] += middle[j] * step;
        in_time += later * step;
    }
    told.service_level = in_time;
    return told;
}

}  // namespace kindred::simulation::testing_support
