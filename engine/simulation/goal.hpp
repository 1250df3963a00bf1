#pragma once
#include "engine/simulation/simulate.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::simulation {

/// What a centre promises: so much of what comes is answered within a time.
struct service_goal {
    double share = 0;  ///< 0 to 1
    duration within{};
};

/// "80%/20s"; nothing for what does not read so.
std::optional<service_goal> parse_goal(std::string_view text);

/// How many agents a goal takes.
struct goal_answer {
    service_goal goal;
    std::vector<std::string> queues;       ///< that were looked at
    std::optional<std::int64_t> smallest;  ///< number of agents; none: no run of the sweep was good enough
};

/// The first run in which each of these queues reaches the goal and no line grows without end. A queue into which
/// nothing came stands in nobody's way. The runs must have counted who was answered within that time.
goal_answer smallest_that_meets(const std::vector<swept>& runs, const service_goal& goal,
                                std::vector<std::string> queues);

/// The answer as a sentence.
std::string to_text(const goal_answer& answer);

}  // namespace kindred::simulation
