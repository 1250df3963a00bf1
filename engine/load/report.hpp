#pragma once
#include "engine/load/latency_histogram.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace kindred::load {

/// What became of every request of a load. `due` is the sum of the answered ones, `timed_out`, `lost` and `not_sent`.
struct report {
    std::string target;
    double rate = 0;  ///< wanted, a second
    double seconds = 0;
    unsigned connections = 0;

    std::uint64_t due = 0;
    std::map<unsigned, std::uint64_t> by_status;
    std::uint64_t timed_out = 0;  ///< sent, and not answered in time
    std::uint64_t lost = 0;       ///< sent, and the connection ended, or what came back was no answer
    std::uint64_t not_sent = 0;   ///< overload: no connection was free before the time for the answer was over

    /// From the moment each request was due until its answer was read in full, or until it was given up as timed out or
    /// never sent. A lost one is not in it: it may have ended early.
    latency_histogram latency;
    /// From the moment each request was due until it was sent: the generator's own part, and waiting for a connection.
    latency_histogram lateness;
    std::uint64_t held_up = 0;           ///< requests that were due while no connection was free
    std::uint64_t most_waiting = 0;      ///< of those, at most so many at once
    std::chrono::nanoseconds lasted{0};  ///< from the first due moment to the last answer

    std::uint64_t answered() const;
    /// Answers a second.
    double achieved_rate() const;
    bool all_succeeded() const;  ///< every request was answered with a 2xx
};

/// For people, several lines.
std::string to_text(const report& made);
/// The same figures; durations in milliseconds.
std::string to_json(const report& made);

}  // namespace kindred::load
