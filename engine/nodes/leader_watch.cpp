#include "engine/nodes/leader_watch.hpp"

#include <utility>

namespace kindred::nodes {
namespace {

constexpr std::int64_t each_millisecond = 16;

}  // namespace

void leader_watch::wait(std::chrono::milliseconds patience, std::function<void()> task) {
    std::uint64_t number = 0;
    {
        const std::lock_guard hold(waiting_->mutex);
        number = ++waiting_->last;
        waiting_->tasks.emplace(number, std::move(task));
    }
    later_(patience, [all = waiting_, number] {
        std::function<void()> due;
        {
            const std::lock_guard hold(all->mutex);
            const auto found = all->tasks.find(number);
            if (found == all->tasks.end()) return;
            due = std::move(found->second);
            all->tasks.erase(found);
        }
        due();
    });
}

void leader_watch::somebody_leads() {
    std::map<std::uint64_t, std::function<void()>> all;
    {
        const std::lock_guard hold(waiting_->mutex);
        all.swap(waiting_->tasks);
    }
    std::int64_t before = 0;
    for (auto& [number, task] : all) later_(std::chrono::milliseconds{before++ / each_millisecond}, std::move(task));
}

}  // namespace kindred::nodes
