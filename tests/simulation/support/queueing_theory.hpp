#pragma once

/// What queueing theory says of Poisson arrivals, exponential handling and n agents.
namespace kindred::simulation::testing_support {

/// Of the blocking formula: the share of calls that meet n busy lines and are lost.
double erlang_b(int agents, double erlangs);

struct expected {
    double waited_share = 0;
    double mean_wait = 0;  ///< seconds, over all
    double service_level = 0;
    double abandoned_share = 0;
    double occupancy = 0;
};

/// M/M/n: everybody waits as long as it takes. `rate` a second, `handling` and `within` seconds.
expected erlang_c(int agents, double rate, double handling, double within);
/// M/M/n+M: patience is exponential with this mean as well.
expected erlang_a(int agents, double rate, double handling, double patience, double within);

}  // namespace kindred::simulation::testing_support
