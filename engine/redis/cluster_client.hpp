#pragma once
#include "engine/redis/client.hpp"

#include <map>

namespace kindred::redis {

/// Keys anywhere in a cluster, one at a time: a client for each master that is needed, found by the key's slot. MOVED
/// and ASK are followed, CLUSTERDOWN is waited out for as long as an answer may take. Thread-safe: calls take turns.
class cluster_client {
public:
    /// Of `settings` everything but the address is used. `servers`: some of the cluster, they know the others.
    cluster_client(connection_settings settings, std::vector<server_address> servers);
    ~cluster_client();
    cluster_client(const cluster_client&) = delete;
    cluster_client& operator=(const cluster_client&) = delete;

    /// As connection::call(); all the commands are about this key, and what is refused is refused by the first of them.
    result<std::vector<reply>> call(std::string_view key, std::span<const command> commands,
                                    std::chrono::milliseconds within);
    /// Asks who has what before the next call: a master may have been replaced and not have heard of it yet.
    void look_again();

    /// Ends the call that is under way, and all to come, with errc::unavailable or errc::unknown.
    void stop();
    bool is_stopped() const { return bell_.has_rung(); }
    /// True when it was stopped within that time.
    bool wait(std::chrono::milliseconds time) const { return bell_.wait_for(time); }

private:
    using replies = result<std::vector<reply>>;

    result<server_address> master_of(std::uint16_t slot);
    client& at(const server_address& server);
    replies ask_there(const server_address& there, std::span<const command> commands, std::chrono::milliseconds within);

    const connection_settings settings_;
    const std::vector<server_address> named_;
    tls::stop_bell bell_;
    std::mutex turn_;
    std::vector<server_address> known_;  ///< servers that can be asked who has what, the likeliest first
    std::optional<slot_map> map_;
    std::mutex clients_mutex_;
    std::map<std::string, std::unique_ptr<client>> clients_;  ///< by address
};

}  // namespace kindred::redis
