#include "engine/runtime/committer.hpp"

#include "engine/base/deadline.hpp"
#include "engine/base/log.hpp"

#include <algorithm>
#include <vector>

namespace kindred::runtime {

committer::committer(store::store& durable, effect_sink& sink, committer_settings settings,
                     std::function<void(std::chrono::nanoseconds)> took,
                     std::function<void(store_health)> health_changed, std::function<void()> became_idle)
    : durable_(durable),
      sink_(sink),
      settings_(settings),
      at_once_(std::max<std::size_t>(durable.commits_at_once(), 1)),
      took_(std::move(took)),
      health_changed_(std::move(health_changed)),
      became_idle_(std::move(became_idle)),
      thread_([this] { run(); }) {}

committer::~committer() { stop(); }

void committer::stop() {
    {
        const std::lock_guard hold(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    std::deque<work> dropped;
    const std::lock_guard hold(mutex_);
    dropped.swap(waiting_);
}

store_health committer::wait_until_idle() {
    std::unique_lock hold(mutex_);
    changed_.wait(hold, [&] {
        const bool settled = waiting_.empty() && !busy_;
        return stopping_ || settled || health_ == store_health::gave_up || health_ == store_health::broken;
    });
    return health_;
}

bool committer::idle() const {
    const std::lock_guard hold(mutex_);
    return waiting_.empty() && !busy_;
}

bool committer::has_room() const {
    if (at_once_ == 1) return false;
    const std::lock_guard hold(mutex_);
    return waiting_.size() < at_once_;
}

void committer::hand_over(store::batch changes, effects then) {
    auto shared = std::make_shared<const store::batch>(std::move(changes));
    {
        const std::lock_guard hold(mutex_);
        waiting_.push_back({std::move(shared), std::move(then)});
    }
    changed_.notify_all();
}

void committer::start_over() {
    std::deque<work> dropped;
    {
        const std::lock_guard hold(mutex_);
        dropped.swap(waiting_);
        busy_ = false;
    }
    become(store_health::good);
    changed_.notify_all();
}

bool committer::settle(duration patience) {
    std::unique_lock hold(mutex_);
    return changed_.wait_for(hold, patience, [&] {
        const auto now = health_.load();
        const bool settled = waiting_.empty() && !busy_;
        return settled || now == store_health::gave_up || now == store_health::broken;
    });
}

void committer::become(store_health health) {
    if (health_.exchange(health) != health && health_changed_) health_changed_(health);
}

void committer::run() {
    std::unique_lock hold(mutex_);
    while (true) {
        changed_.wait(hold, [&] {
            const bool halted = health_ == store_health::gave_up || health_ == store_health::broken;
            return stopping_ || (!halted && !waiting_.empty());
        });
        if (stopping_) return;
        auto next = take_waiting();
        busy_ = true;
        hold.unlock();
        settle_all(std::move(next));
        hold.lock();
        busy_ = false;
        changed_.notify_all();
        hold.unlock();
        became_idle_();
        hold.lock();
    }
}

std::deque<committer::work> committer::take_waiting() {
    std::deque<work> next;
    while (!waiting_.empty() && next.size() < at_once_) {
        next.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return next;
}

/// Until all are durable and their effects have left, or nothing more can become so.
void committer::settle_all(std::deque<work> next) {
    while (!next.empty()) {
        if (!next.front().changes->empty()) {
            if (!commit_first_of(next)) return;
            continue;
        }
        release(std::move(next.front().then));
        next.pop_front();
    }
}

/// Writes those in front that change something, up to the first that does not. False: nothing more becomes durable.
bool committer::commit_first_of(std::deque<work>& next) {
    auto until = deadline::in(settings_.give_up_after);
    std::vector<std::shared_ptr<const store::batch>> batches;
    for (const auto& each : next) {
        if (each.changes->empty()) break;
        batches.push_back(each.changes);
    }
    std::span<const std::shared_ptr<const store::batch>> left = batches;
    while (true) {
        const auto began = std::chrono::steady_clock::now();
        const auto outcome = durable_.commit_in_turn(left);
        if (took_) took_(std::chrono::steady_clock::now() - began);
        for (std::size_t i = 0; i < outcome.committed; ++i) {
            release(std::move(next.front().then));
            next.pop_front();
        }
        left = left.subspan(outcome.committed);
        if (left.empty()) {
            become(store_health::good);
            return true;
        }
        if (outcome.committed != 0) until = deadline::in(settings_.give_up_after);
        if (!waits_to_retry(outcome.then, !until.passed())) return false;
    }
}

/// False when there is no use in it.
bool committer::waits_to_retry(const store::commit_outcome& failed, bool in_time) {
    if (failed.state == store::commit_state::broken) {
        log::error("the disk failed a sync: nothing more is acknowledged", {{"err", failed.reason}});
        become(store_health::broken);
        return false;
    }
    if (failed.state == store::commit_state::fenced || !in_time) {
        log::error("the store does not take batches: starting over from what is durable", {{"err", failed.reason}});
        become(store_health::gave_up);
        return false;
    }
    if (health_ == store_health::good) log::warn("a batch is retried", {{"err", failed.reason}});
    become(store_health::struggling);
    std::unique_lock hold(mutex_);
    return !changed_.wait_for(hold, settings_.retry_every, [&] { return stopping_; });
}

void committer::release(effects then) {
    for (auto& row : then.to_send) sink_.send(std::move(row));
    for (const auto& each : then.to_withdraw) sink_.withdraw(each);
    for (const auto& each : then.to_fetch) sink_.fetch(each);
    if (then.events) sink_.deliver_events();
    for (const auto& frame : then.frames) sink_.publish(frame);
    for (const auto& answer : then.answers) answer();
}

}  // namespace kindred::runtime
