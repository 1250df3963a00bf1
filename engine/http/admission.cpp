#include "engine/http/admission.hpp"

namespace kindred::http {
namespace {

class nobody_watches final : public observer {};

}  // namespace

admission::admission(const server_settings& limits, std::shared_ptr<observer> watching)
    : limits_(limits), watching_(watching ? std::move(watching) : std::make_shared<nobody_watches>()) {}

std::optional<refusal> admission::admit_connection(const boost::asio::ip::address& peer) {
    const std::lock_guard hold(peers_mutex_);
    if (connections_.load(std::memory_order_relaxed) >= limits_.max_connections) return refusal::too_many_connections;
    auto& of_peer = peers_[peer];
    if (of_peer >= limits_.max_connections_per_peer && !limits_.proxies.contains(peer.to_string()))
        return refusal::too_many_from_peer;
    ++of_peer;
    connections_.fetch_add(1, std::memory_order_relaxed);
    return std::nullopt;
}

void admission::release_connection(const boost::asio::ip::address& peer) {
    const std::lock_guard hold(peers_mutex_);
    const auto found = peers_.find(peer);
    if (--found->second == 0) peers_.erase(found);
    if (connections_.fetch_sub(1, std::memory_order_relaxed) == 1) emptied_.notify_all();
}

void admission::wait_until_empty(std::chrono::steady_clock::time_point until) {
    std::unique_lock hold(peers_mutex_);
    emptied_.wait_until(hold, until, [this] { return connections() == 0; });
}

bool admission::admit_request() {
    if (in_flight_.fetch_add(1, std::memory_order_relaxed) < limits_.max_in_flight) return true;
    release_request();
    return false;
}

bool admission::resize_buffer(std::size_t before, std::size_t after) {
    const auto used = buffered_.fetch_add(after - before, std::memory_order_relaxed) + (after - before);
    if (after <= before || used <= limits_.max_buffered_bytes) return true;
    buffered_.fetch_sub(after - before, std::memory_order_relaxed);
    return false;
}

}  // namespace kindred::http
