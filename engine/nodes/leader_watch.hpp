#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace kindred::nodes {

/// Requests and connections that wait until a node leads, or for a while. Thread-safe.
class leader_watch {
public:
    /// Runs a task after a pause, unless the process ends before.
    using timer = std::function<void(std::chrono::milliseconds, std::function<void()>)>;

    explicit leader_watch(timer later) : later_(std::move(later)), waiting_(std::make_shared<list>()) {}

    /// `task` runs once: soon after somebody_leads(), or after `patience`, whichever comes first.
    void wait(std::chrono::milliseconds patience, std::function<void()> task);
    /// Those that wait begin, in their order and some each millisecond, so that a node that has just come to lead is
    /// not met by all of them at once.
    void somebody_leads();

private:
    struct list {
        std::mutex mutex;
        std::uint64_t last = 0;
        std::map<std::uint64_t, std::function<void()>> tasks;
    };

    const timer later_;
    const std::shared_ptr<list> waiting_;  ///< outlives this with the timers that look into it
};

}  // namespace kindred::nodes
