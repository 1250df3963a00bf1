#pragma once
#include "engine/http/server.hpp"

#include <boost/asio/ip/address.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

namespace kindred::http {

/// What all I/O threads of a server share: its limits, how much of them is used, and who watches. Thread-safe.
class admission {
public:
    admission(const server_settings& limits, std::shared_ptr<observer> watching);

    const server_settings& limits() const { return limits_; }
    observer& watching() const { return *watching_; }

    /// Counts a connection in, or says why not.
    std::optional<refusal> admit_connection(const boost::asio::ip::address& peer);
    void release_connection(const boost::asio::ip::address& peer);
    std::size_t connections() const { return connections_.load(std::memory_order_relaxed); }

    /// Returns once no connection is left, or at `until`.
    void wait_until_empty(std::chrono::steady_clock::time_point until);

    bool admit_request();
    void release_request() { in_flight_.fetch_sub(1, std::memory_order_relaxed); }

    /// Accounts for a body buffer that goes from `before` to `after` bytes. False when there is no room for more.
    bool resize_buffer(std::size_t before, std::size_t after);

private:
    const server_settings limits_;
    const std::shared_ptr<observer> watching_;
    std::atomic<std::size_t> connections_{0};
    std::atomic<std::size_t> in_flight_{0};
    std::atomic<std::size_t> buffered_{0};
    std::mutex peers_mutex_;
    std::condition_variable emptied_;
    std::map<boost::asio::ip::address, std::size_t> peers_;
};

}  // namespace kindred::http
