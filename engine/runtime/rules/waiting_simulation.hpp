#pragma once
#include "engine/dispatch/commands.hpp"
#include "engine/rules/ruleset.hpp"

#include <map>
#include <string>
#include <vector>

/// What customers would have waited: recorded arrivals through the real dispatch.
namespace kindred::runtime {

struct simulated_arrival {
    time_point at;
    channel_kind kind = channel_kind::api;
    dispatch::ticket_plan plan;
    duration handling{0};  ///< how long an agent works on it, wrap-up not included
};

/// Waits of the tickets that were meant for one queue.
struct simulated_waits {
    std::size_t arrived = 0;
    std::size_t refused = 0;   ///< the queue was full or takes nothing while it is closed
    std::size_t unserved = 0;  ///< still waiting a day after the last arrival; their waits so far count
    duration mean{0};
    duration p50{0};
    duration p95{0};
    duration p99{0};
    duration longest{0};

    bool operator==(const simulated_waits&) const = default;
};

/// Everybody of `agents` is there all the time and accepts at once; queues open and close by their calendars; wrap-up
/// is the queue's. Pure: the same arguments give the same figures. `arrivals` in the order of their times.
std::map<std::string, simulated_waits> simulate_waiting(const rules::ruleset& rules,
                                                        const std::vector<dispatch::upsert_agent>& agents,
                                                        const std::vector<simulated_arrival>& arrivals);

}  // namespace kindred::runtime
