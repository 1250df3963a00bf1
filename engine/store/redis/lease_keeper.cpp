#include "engine/store/redis/lease_keeper.hpp"

#include "engine/base/log.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace kindred::store::redis {
namespace {

constexpr std::chrono::milliseconds shortest_pause{20};

site_place quick(site_place at, std::chrono::milliseconds most) {
    at.server.connect_within = std::min(at.server.connect_within, most);
    at.server.answer_within = std::min(at.server.answer_within, most);
    return at;
}

}  // namespace

lease_keeper::lease_keeper(const site_place& at, lease_token token, std::chrono::milliseconds lease, lead_board* board)
    : token_(std::move(token)),
      lease_(lease),
      figures_(at.figures),
      board_(board),
      log_(quick(at, lease / 2), "lease"),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

lease_keeper::~lease_keeper() { hand_on(); }

void lease_keeper::hand_on() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
    if (is_lost()) return;
    lose();
    // First: whoever leads next says so in the same place.
    if (board_ != nullptr) board_->note_gone();
    if (const auto done = log_.release(token_); !done && done.error().code != errc::fenced)
        log::warn("the lease could not be handed on: others wait until it ends", {{"err", done.error().message}});
}

void lease_keeper::run(const std::stop_token& stop) {
    std::mutex alone;
    std::condition_variable_any stopped;
    std::unique_lock hold(alone);
    bool well = true;
    const auto since = std::chrono::steady_clock::now();
    while (true) {
        // After a failure sooner, so that one lost connection does not cost the lease.
        const auto pause = std::max(shortest_pause, well ? lease_ / 4 : lease_ / 20);
        if (stopped.wait_for(hold, stop, pause, [&] { return stop.stop_requested(); })) return;
        const auto renewed = log_.renew(token_, lease_);
        if (!renewed && renewed.error().code == errc::fenced) {
            log::error("another node leads this site now", {{"err", renewed.error().message}});
            lose();
            return;
        }
        if (!renewed && well) log::warn("the lease is not renewed", {{"err", renewed.error().message}});
        well = static_cast<bool>(renewed);
        if (well && board_ != nullptr) look_at_board(since);
    }
}

void lease_keeper::look_at_board(std::chrono::steady_clock::time_point since) {
    board_->note_leading();
    // A site that has just come is left alone: its desks have only come back.
    constexpr int least_leases = 3;
    if (should_hand_over() || std::chrono::steady_clock::now() - since < least_leases * lease_) return;
    const auto other = board_->better_leader_than_this(log_);
    if (!other) return;
    log::info("another node leads fewer sites, and is to have this one", {{"node", *other}});
    hands_over_.store(true, std::memory_order_relaxed);
}

}  // namespace kindred::store::redis
