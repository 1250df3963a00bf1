#pragma once
#include "engine/store/redis/lead_board.hpp"
#include "engine/store/redis/site_log.hpp"

#include <atomic>
#include <thread>

namespace kindred::store::redis {

/// Renews a lease from a thread and over a connection of its own, so that no long write holds it up, until it is
/// another's or this goes; then hands it on at once. That a lease ran out unnoticed harms nobody: every write proves
/// it.
class lease_keeper {
public:
    lease_keeper(const site_place& at, lease_token token, std::chrono::milliseconds lease, lead_board* board = nullptr);
    ~lease_keeper();
    lease_keeper(const lease_keeper&) = delete;
    lease_keeper& operator=(const lease_keeper&) = delete;

    const lease_token& token() const { return token_; }
    bool is_lost() const { return lost_.load(std::memory_order_acquire); }
    /// Another node leads fewer sites, and is to have this one.
    bool should_hand_over() const { return hands_over_.load(std::memory_order_relaxed); }
    /// Another node may lead from now on; this one is as one that has lost its lease. From one thread.
    void hand_on();
    /// A write was refused because another one leads.
    void lose() {
        lost_.store(true, std::memory_order_release);
        figures_->leads = 0;
    }

private:
    void run(const std::stop_token& stop);
    void look_at_board(std::chrono::steady_clock::time_point since);

    const lease_token token_;
    const std::chrono::milliseconds lease_;
    const std::shared_ptr<site_figures> figures_;
    std::atomic<bool> lost_{false};
    std::atomic<bool> hands_over_{false};
    lead_board* const board_;  ///< may be null: then nobody is told
    site_log log_;
    std::jthread thread_;  // last: it uses the fields above
};

}  // namespace kindred::store::redis
