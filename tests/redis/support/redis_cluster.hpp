#pragma once
#include "engine/redis/client.hpp"
#include "tests/redis/support/redis_server.hpp"

#include <memory>

namespace kindred::redis {

/// A real cluster of this test's own on the loopback device: three masters, and as many replicas of each as wanted.
class redis_cluster {
public:
    explicit redis_cluster(std::size_t replicas_of_each = 0);

    static constexpr std::size_t masters = 3;
    /// The masters of the beginning, then the first replica of each, and so on.
    redis_server& server(std::size_t which) { return *servers_.at(which); }
    std::vector<server_address> addresses() const;
    /// Of a client whose keys are all in that slot.
    cluster_settings settings(std::uint16_t slot) const { return {addresses(), slot}; }

    /// Which of the masters of the beginning has the slot then.
    static std::size_t owner(std::uint16_t slot);
    /// A slot on its way from one master to another: first no key of it, then as many as move_keys() says.
    void begin_move(std::uint16_t slot, std::size_t from, std::size_t to);
    /// How many were moved, at most so many.
    std::size_t move_keys(std::uint16_t slot, std::size_t from, std::size_t to, std::size_t most);
    void end_move(std::uint16_t slot, std::size_t from, std::size_t to);
    /// All of it.
    void move(std::uint16_t slot, std::size_t from, std::size_t to);

    /// Says something to one of them, whatever it has; throws when it refuses.
    reply say(std::size_t which, const command& said);

private:
    std::string id_of(std::size_t which) { return say(which, {"CLUSTER", "MYID"}).text; }
    void wait_until(std::size_t which, const std::string& info);

    std::vector<std::unique_ptr<redis_server>> servers_;
    std::vector<std::unique_ptr<client>> clients_;
};

}  // namespace kindred::redis
