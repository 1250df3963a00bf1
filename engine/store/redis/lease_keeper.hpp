#pragma once
#include "engine/store/redis/site_log.hpp"

#include <atomic>
#include <thread>

namespace kindred::store::redis {

/// Renews a lease from a thread and over a connection of its own, so that no long write holds it up, until it is
/// another's or this goes; then hands it on at once. That a lease ran out unnoticed harms nobody: every write proves
/// it.
class lease_keeper {
public:
    lease_keeper(const site_place& at, lease_token token, std::chrono::milliseconds lease);
    ~lease_keeper();
    lease_keeper(const lease_keeper&) = delete;
    lease_keeper& operator=(const lease_keeper&) = delete;

    const lease_token& token() const { return token_; }
    bool is_lost() const { return lost_.load(std::memory_order_acquire); }
    /// A write was refused because another one leads.
    void lose() {
        lost_.store(true, std::memory_order_release);
        figures_->leads = 0;
    }

private:
    void run(const std::stop_token& stop);

    const lease_token token_;
    const std::chrono::milliseconds lease_;
    const std::shared_ptr<site_figures> figures_;
    std::atomic<bool> lost_{false};
    site_log log_;
    std::jthread thread_;  // last: it uses the fields above
};

}  // namespace kindred::store::redis
