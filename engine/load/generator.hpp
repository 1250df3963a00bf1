#pragma once
#include "engine/base/error.hpp"
#include "engine/load/report.hpp"
#include "engine/load/target.hpp"
#include "engine/load/webhook_traffic.hpp"

#include <chrono>

namespace kindred::load {

/// What may be asked for. Beyond this one process is not the right generator.
struct load_limits {
    static constexpr double least_rate = 0.1;
    static constexpr double most_rate = 50'000;
    static constexpr double least_seconds = 0.1;
    static constexpr double most_seconds = 3'600;
    static constexpr unsigned most_connections = 1'000;
};

struct load_plan {
    target to;
    traffic_origin traffic;
    double rate = 0;     ///< requests a second, within load_limits
    double seconds = 0;  ///< within load_limits
    unsigned connections = 64;
    /// A request is given up when it has no answer so long after it was due.
    std::chrono::milliseconds answer_within{10'000};
};

/// Sends the whole load from the calling thread and returns when every request was answered or given up; at most one
/// request is under way on each connection, the others wait for a free one and their latency grows meanwhile.
/// errc::unavailable when the target cannot be resolved, or not every connection can be made before the load begins.
result<report> run_load(const load_plan& plan);

}  // namespace kindred::load
