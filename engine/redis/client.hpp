#pragma once
#include "engine/redis/cluster.hpp"
#include "engine/redis/refusal.hpp"
#include "engine/redis/sentinel.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <random>
#include <variant>

namespace kindred::redis {

/// How a client finds its server: the settings name it, sentinels say who is the master, or a cluster who has the slot.
using way_to_server = std::variant<std::monostate, sentinel_settings, cluster_settings>;

/// A server that may go away and come back: connects when there is something to say, and again after an error, with
/// pauses between tries that grow and differ from node to node. Thread-safe: calls take turns.
class client {
public:
    /// With sentinels the server is the one that they call the master, asked anew for each connection. A connection to
    /// one that turns out to be a replica (READONLY) is left.
    /// With a cluster it is the slot's master. MOVED and ASK are followed: what they answer was not carried out, so the
    /// same is said there. TRYAGAIN and CLUSTERDOWN are waited out, for as long as an answer may take.
    explicit client(connection_settings settings, way_to_server way = {});
    ~client();
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    /// As connection::call(). errc::unavailable, errc::unauthorized: there is no connection, nothing was sent. In a
    /// cluster the first of the commands is the one by whose keys the server is found.
    result<std::vector<reply>> call(std::span<const command> commands);
    result<std::vector<reply>> call(std::span<const command> commands, std::chrono::milliseconds within);
    /// For what may be carried out twice without harm: after a lost connection it is sent once more. A refusal is an
    /// error: errc::unavailable when it is one that passes, else errc::forbidden.
    result<reply> ask(const command& one);

    /// Asks the sentinels, or the cluster, anew before the next call: the server may have been replaced and not have
    /// heard of it yet.
    void look_again();
    /// All masters of the cluster, as it says now; of no cluster: none.
    result<std::vector<server_address>> masters();

    /// Ends the call that is under way, and all to come, with errc::unavailable or errc::unknown.
    void stop() { bell_.ring(); }
    bool is_stopped() const { return bell_.has_rung(); }
    /// True when it was stopped within that time.
    bool wait(std::chrono::milliseconds time) const { return bell_.wait_for(time); }
    const connection_settings& settings() const { return settings_; }
    /// How many connections were made: what was confirmed over the one before may be unknown to this one's server.
    std::uint64_t connects() const { return connects_.load(std::memory_order_acquire); }

private:
    using replies = result<std::vector<reply>>;

    result<connection*> connected();
    result<std::unique_ptr<connection>> connect();
    result<std::unique_ptr<connection>> connect_to_master(const sentinel_settings& by) const;
    result<std::unique_ptr<connection>> connect_to_slot(const cluster_settings& in);
    result<std::unique_ptr<connection>> connect_at(const server_address& server) const;
    replies call_cluster(std::span<const command> commands, std::chrono::milliseconds within);
    replies ask_there(const server_address& at, std::span<const command> commands, std::chrono::milliseconds within);

    const connection_settings settings_;
    const way_to_server way_;
    tls::stop_bell bell_;
    std::mutex turn_;
    std::unique_ptr<connection> open_;
    std::atomic<std::uint64_t> connects_{0};
    server_address open_at_;                  ///< of a cluster: where
    std::optional<server_address> moved_to_;  ///< of a cluster: where the slot is said to be
    std::vector<server_address> known_;       ///< of a cluster: servers that can be asked
    error last_;                              ///< why the last try to connect failed
    std::chrono::milliseconds pause_{0};
    std::chrono::steady_clock::time_point next_try_;
    std::minstd_rand dice_;
};

}  // namespace kindred::redis
