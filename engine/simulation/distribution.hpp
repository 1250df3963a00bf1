#pragma once
#include "engine/base/time.hpp"
#include "engine/simulation/random.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kindred::simulation {

/// How long something takes.
struct distribution {
    enum class form { fixed = 1, exponential, lognormal };
    form is = form::fixed;
    duration mean{0};
    double cv = 0;  ///< of a lognormal one: standard deviation / mean

    /// To the millisecond, never negative.
    duration draw(random_stream& from) const;
};

/// One for all queues, or one by queue.
struct by_queue {
    std::map<std::string, distribution, std::less<>> named;
    std::optional<distribution> others;  ///< for queues that are not named

    /// None: nothing is said about this queue.
    const distribution* of(std::string_view queue) const;
};

}  // namespace kindred::simulation
