#pragma once
#include "engine/simulation/collector.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace kindred::simulation {

struct run_options {
    /// Go on until the 95 % half-width of every mean is at most this part of it (0.02: 2 %); none: for the traffic's
    /// own time. A wait below a millisecond and a share below 1 in 10,000 need not be known better than that.
    std::optional<double> precision;
    std::uint64_t most_contacts = 200'000'000;  ///< a run that would need more ends without having become precise
};

/// A run and how sure its figures are.
struct report {
    outcome found;
    std::uint64_t seed = 0;
    bool precise = true;         ///< what `precision` asked for was reached; true where it asked for nothing
    double widest = 0;           ///< the largest half-width / mean of all means
    std::uint64_t contacts = 0;  ///< simulated, warm-up included
};

/// The traffic through the real rules and the real dispatch. The first tenth of the traffic's time is left out. Pure:
/// the same arguments give the same figures on every machine.
report simulate(const rules::ruleset& rules, const traffic& of, const run_options& wanted);

/// One run of a sweep.
struct swept {
    std::int64_t agents = 0;
    report told;
};

/// The same customers, with another number of agents in one row of the roster each time.
std::vector<swept> sweep(const rules::ruleset& rules, const traffic& of, std::size_t row, std::int64_t from,
                         std::int64_t to, const run_options& wanted);

}  // namespace kindred::simulation
