#include "engine/runtime/committer.hpp"

#include "engine/base/deadline.hpp"
#include "engine/base/log.hpp"

namespace kindred::runtime {

committer::committer(store::store& durable, effect_sink& sink, committer_settings settings,
                     std::function<void(std::chrono::nanoseconds)> took,
                     std::function<void(store_health)> health_changed, std::function<void()> became_idle)
    : durable_(durable),
      sink_(sink),
      settings_(settings),
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
        auto next = std::move(waiting_.front());
        waiting_.pop_front();
        busy_ = true;
        hold.unlock();
        const bool durable = next.changes->empty() || commit(next.changes);
        if (durable) release(std::move(next.then));
        hold.lock();
        busy_ = false;
        changed_.notify_all();
        if (!waiting_.empty()) continue;
        hold.unlock();
        became_idle_();
        hold.lock();
    }
}

bool committer::commit(const std::shared_ptr<const store::batch>& changes) {
    const auto until = deadline::in(settings_.give_up_after);
    while (true) {
        const auto began = std::chrono::steady_clock::now();
        const auto outcome = durable_.commit(changes);
        if (took_) took_(std::chrono::steady_clock::now() - began);
        if (outcome.state == store::commit_state::committed) {
            become(store_health::good);
            return true;
        }
        if (outcome.state == store::commit_state::broken) {
            log::error("the disk failed a sync: nothing more is acknowledged", {{"err", outcome.reason}});
            become(store_health::broken);
            return false;
        }
        if (outcome.state == store::commit_state::fenced || until.passed()) {
            log::error("the store does not take batches: starting over from what is durable",
                       {{"err", outcome.reason}});
            become(store_health::gave_up);
            return false;
        }
        if (health_ == store_health::good) log::warn("a batch is retried", {{"err", outcome.reason}});
        become(store_health::struggling);
        std::unique_lock hold(mutex_);
        if (changed_.wait_for(hold, settings_.retry_every, [&] { return stopping_; })) return false;
    }
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
