#include "engine/store/sqlite/follower.hpp"

#include "engine/base/background.hpp"
#include "engine/base/log.hpp"

#include <iterator>

namespace kindred::store::sqlite {
namespace {

constexpr std::chrono::milliseconds try_again_after{50};

}  // namespace

follower::follower(writer& to, settings pace, std::function<void()> followed)
    : writer_(to),
      pace_(pace),
      followed_(std::move(followed)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

follower::~follower() {
    thread_.request_stop();
    thread_.join();
}

void follower::follow(logged_batch next) {
    bool enough = false;
    {
        std::unique_lock hold(mutex_);
        changed_.wait(hold,
                      [&] { return waiting_bytes_ < pace_.most_bytes || standing_.state == commit_state::broken; });
        given_ = next.position;
        waiting_bytes_ += next.bytes;
        waiting_.push_back(std::move(next));
        enough = waiting_.size() == 1 || waiting_bytes_ >= pace_.bytes;
    }
    if (enough) changed_.notify_all();
}

commit_outcome follower::catch_up() {
    std::unique_lock hold(mutex_);
    const auto all = given_;
    if (position() >= all) return {};
    wanted_ = std::max(wanted_, all);
    changed_.notify_all();
    // A try that was under way may have begun before the disk had room again: the one after it counts.
    const auto enough = tries_ + 2;
    changed_.wait(hold, [&] {
        return position() >= all || standing_.state == commit_state::broken ||
               (standing_.state != commit_state::committed && tries_ >= enough);
    });
    return position() >= all ? commit_outcome{} : standing_;
}

commit_outcome follower::standing() const {
    const std::lock_guard hold(mutex_);
    return standing_;
}

std::vector<logged_batch> follower::wait_for_work(const std::stop_token& stop) {
    std::unique_lock hold(mutex_);
    const auto wanted = [&] { return !waiting_.empty() && wanted_ > position(); };
    changed_.wait(hold, stop, [&] { return !waiting_.empty(); });
    changed_.wait_for(hold, stop, pace_.every, [&] { return wanted() || waiting_bytes_ >= pace_.bytes; });
    return std::exchange(waiting_, {});
}

void follower::run(const std::stop_token& stop) {
    work_in_the_background();
    while (true) {
        auto work = wait_for_work(stop);
        if (work.empty()) return;  // stopped, and nothing is left
        auto outcome = writer_.apply(work);
        const bool done = outcome.state == commit_state::committed;
        const bool hopeless = outcome.state == commit_state::broken || (!done && stop.stop_requested());
        settle(std::move(work), std::move(outcome));
        if (hopeless) return;
        if (done) {
            followed_();
            continue;
        }
        std::unique_lock hold(mutex_);
        const auto asked = wanted_;
        changed_.wait_for(hold, stop, try_again_after, [&] { return wanted_ != asked; });
    }
}

void follower::settle(std::vector<logged_batch> tried, commit_outcome outcome) {
    const auto changed = [&] { return outcome.state != standing_.state; };
    {
        const std::lock_guard hold(mutex_);
        ++tries_;
        if (outcome.state == commit_state::committed) {
            for (const auto& each : tried) waiting_bytes_ -= each.bytes;
            position_.store(tried.back().position, std::memory_order_release);
        } else {
            if (changed()) log::warn("the database does not follow its log", {{"reason", outcome.reason}});
            tried.insert(tried.end(), std::make_move_iterator(waiting_.begin()),
                         std::make_move_iterator(waiting_.end()));
            waiting_ = std::move(tried);
        }
        standing_ = std::move(outcome);
    }
    changed_.notify_all();
}

}  // namespace kindred::store::sqlite
