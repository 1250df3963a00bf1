#include "tests/redis/support/redis_cluster.hpp"

#include <stdexcept>

namespace kindred::redis {
namespace {

constexpr const char* host = "127.0.0.1";
constexpr unsigned share = slots / redis_cluster::masters;

}  // namespace

redis_cluster::redis_cluster(std::size_t replicas_of_each) {
    const auto count = masters * (1 + replicas_of_each);
    for (std::size_t i = 0; i < count; ++i) {
        servers_.push_back(std::make_unique<redis_server>(std::vector<std::string>{
            "--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--cluster-require-full-coverage", "no",
            "--cluster-replica-validity-factor", "0"}));
        connection_settings to;
        to.server.port = servers_.back()->port();
        clients_.push_back(std::make_unique<client>(to));
    }
    for (std::size_t i = 0; i < count; ++i) {
        say(i, {"CLUSTER", "SET-CONFIG-EPOCH", std::to_string(i + 1)});
        if (i == 0) continue;
        say(0, {"CLUSTER", "MEET", host, std::to_string(servers_[i]->port())});
    }
    for (std::size_t i = 0; i < masters; ++i) {
        const auto last = i + 1 == masters ? slots - 1U : (i + 1) * share - 1U;
        say(i, {"CLUSTER", "ADDSLOTSRANGE", std::to_string(i * share), std::to_string(last)});
    }
    for (std::size_t i = 0; i < count; ++i) wait_until(i, "cluster_known_nodes:" + std::to_string(count) + "\r");
    for (std::size_t i = masters; i < count; ++i) {
        const auto master = id_of(i % masters);
        while (say(i, {"CLUSTER", "NODES"}).text.find(master) == std::string::npos) {
        }
        say(i, {"CLUSTER", "REPLICATE", master});
        while (say(i, {"INFO", "replication"}).text.find("master_link_status:up") == std::string::npos) {
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        wait_until(i, "cluster_slots_ok:" + std::to_string(slots) + "\r");
        wait_until(i, "cluster_state:ok");
    }
}

void redis_cluster::wait_until(std::size_t which, const std::string& info) {
    while (say(which, {"CLUSTER", "INFO"}).text.find(info) == std::string::npos) {
    }
}

reply redis_cluster::say(std::size_t which, const command& said) {
    auto answer = clients_.at(which)->ask(said);
    if (!answer) throw std::runtime_error(said.front() + ": " + answer.error().message);
    return std::move(*answer);
}

std::vector<server_address> redis_cluster::addresses() const {
    std::vector<server_address> all;
    for (const auto& each : servers_) all.push_back({host, each->port()});
    return all;
}

std::size_t redis_cluster::owner(std::uint16_t slot) { return std::min<std::size_t>(slot / share, masters - 1); }

void redis_cluster::begin_move(std::uint16_t slot, std::size_t from, std::size_t to) {
    const auto number = std::to_string(slot);
    say(to, {"CLUSTER", "SETSLOT", number, "IMPORTING", id_of(from)});
    say(from, {"CLUSTER", "SETSLOT", number, "MIGRATING", id_of(to)});
}

std::size_t redis_cluster::move_keys(std::uint16_t slot, std::size_t from, std::size_t to, std::size_t most) {
    const auto keys = say(from, {"CLUSTER", "GETKEYSINSLOT", std::to_string(slot), std::to_string(most)}).list;
    if (keys.empty()) return 0;
    command said{"MIGRATE", host, std::to_string(servers_[to]->port()), "", "0", "5000", "KEYS"};
    for (const auto& each : keys) said.push_back(each.text);
    say(from, said);
    return keys.size();
}

void redis_cluster::end_move(std::uint16_t slot, std::size_t from, std::size_t to) {
    const auto id = id_of(to);
    for (const auto each : {to, from}) say(each, {"CLUSTER", "SETSLOT", std::to_string(slot), "NODE", id});
}

void redis_cluster::move(std::uint16_t slot, std::size_t from, std::size_t to) {
    begin_move(slot, from, to);
    while (move_keys(slot, from, to, 100) != 0) {
    }
    end_move(slot, from, to);
}

}  // namespace kindred::redis
