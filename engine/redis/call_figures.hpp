#pragma once
#include "engine/redis/refusal.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace kindred::redis {

/// What came of talking to Redis since the process began. Counts only rise. Thread-safe.
class call_figures {
public:
    void refused(refusal why) { at(why).fetch_add(1, std::memory_order_relaxed); }
    void connected() { connects_.fetch_add(1, std::memory_order_relaxed); }
    void left_unknown() { unknown_.fetch_add(1, std::memory_order_relaxed); }

    std::uint64_t refusals_of(refusal why) const { return at(why).load(std::memory_order_relaxed); }
    /// Connections that were made, the first of each client among them.
    std::uint64_t connects() const { return connects_.load(std::memory_order_relaxed); }
    /// Calls that were sent and not answered whole.
    std::uint64_t unknown() const { return unknown_.load(std::memory_order_relaxed); }

private:
    using counter = std::atomic<std::uint64_t>;
    counter& at(refusal why) { return refused_.at(static_cast<std::size_t>(why) - 1); }
    const counter& at(refusal why) const { return refused_.at(static_cast<std::size_t>(why) - 1); }

    std::array<counter, refusals> refused_{};
    counter connects_{0};
    counter unknown_{0};
};

}  // namespace kindred::redis
