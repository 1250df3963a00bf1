#pragma once
#include "engine/redis/sentinel.hpp"

#include <mutex>
#include <optional>
#include <random>

namespace kindred::redis {

/// A server that may go away and come back: connects when there is something to say, and again after an error, with
/// pauses between tries that grow and differ from node to node. Thread-safe: calls take turns.
class client {
public:
    /// With sentinels the server is the one that they call the master, asked anew for each connection. A connection to
    /// one that turns out to be a replica (READONLY) is left.
    explicit client(connection_settings settings, std::optional<sentinel_settings> sentinels = std::nullopt);
    ~client();
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    /// As connection::call(). errc::unavailable, errc::unauthorized: there is no connection, nothing was sent.
    result<std::vector<reply>> call(std::span<const command> commands);
    result<std::vector<reply>> call(std::span<const command> commands, std::chrono::milliseconds within);
    /// For what may be carried out twice without harm: after a lost connection it is sent once more. A refusal is an
    /// error: errc::unavailable when it is one that passes, else errc::forbidden.
    result<reply> ask(const command& one);

    /// Asks the sentinels anew before the next call: the server may have been replaced and not have heard of it yet.
    void look_again();

    /// Ends the call that is under way, and all to come, with errc::unavailable or errc::unknown.
    void stop() { bell_.ring(); }
    bool is_stopped() const { return bell_.has_rung(); }
    /// True when it was stopped within that time.
    bool wait(std::chrono::milliseconds time) const { return bell_.wait_for(time); }
    const connection_settings& settings() const { return settings_; }

private:
    result<connection*> connected();
    result<std::unique_ptr<connection>> connect() const;

    const connection_settings settings_;
    const std::optional<sentinel_settings> sentinels_;
    tls::stop_bell bell_;
    std::mutex turn_;
    std::unique_ptr<connection> open_;
    error last_;  ///< why the last try to connect failed
    std::chrono::milliseconds pause_{0};
    std::chrono::steady_clock::time_point next_try_;
    std::minstd_rand dice_;
};

}  // namespace kindred::redis
