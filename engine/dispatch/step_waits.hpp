#pragma once
#include <span>

namespace kindred::dispatch {

/// The wait that a step would have if it went on, and how long it does.
struct step_wait {
    double mean = 0;   ///< milliseconds, from now
    double turns = 1;  ///< departures in that time, its own the last
    double lasts = 0;  ///< milliseconds; of the last step without meaning
};

/// The mean wait of a ticket that goes through these steps, at least one, until somebody has it: in each, departures
/// come as in an Erlang distribution of as many turns. While it is in one step those before it in the others go on too.
double wait_through(std::span<const step_wait> steps);

}  // namespace kindred::dispatch
