#include "engine/redis/cluster_client.hpp"

#include "engine/base/deadline.hpp"

#include <algorithm>

namespace kindred::redis {
namespace {

/// Between two tries while a cluster is between two states.
constexpr std::chrono::milliseconds pause{25};
/// Redirections that one call follows: more of them lead in a circle.
constexpr int most_hops = 8;

void put_first(std::vector<server_address>& all, const server_address& one) {
    std::erase(all, one);
    all.insert(all.begin(), one);
}

}  // namespace

cluster_client::cluster_client(connection_settings settings, std::vector<server_address> servers)
    : settings_(std::move(settings)), named_(std::move(servers)), known_(named_) {}

cluster_client::~cluster_client() { stop(); }

void cluster_client::stop() {
    bell_.ring();
    const std::lock_guard hold(clients_mutex_);
    for (const auto& [where, each] : clients_) each->stop();
}

void cluster_client::look_again() {
    const std::lock_guard hold(turn_);
    map_.reset();
}

client& cluster_client::at(const server_address& server) {
    const std::lock_guard hold(clients_mutex_);
    auto& found = clients_[server.host + ' ' + std::to_string(server.port)];
    if (!found) {
        auto to = settings_;
        to.server = server;
        found = std::make_unique<client>(to);
        if (bell_.has_rung()) found->stop();
    }
    return *found;
}

result<server_address> cluster_client::master_of(std::uint16_t slot) {
    if (!map_) {
        auto found = find_slots(settings_, known_, bell_);
        if (!found) return found.error();
        known_ = found->all();
        // Those that were named stay, should all others go.
        for (const auto& each : named_)
            if (std::find(known_.begin(), known_.end(), each) == known_.end()) known_.push_back(each);
        map_ = std::move(*found);
    }
    const auto* master = map_->master_of(slot);
    if (master != nullptr) return *master;
    map_.reset();
    return fail(errc::unavailable, "no server of the cluster has slot " + std::to_string(slot));
}

cluster_client::replies cluster_client::call(std::string_view key, std::span<const command> commands,
                                             std::chrono::milliseconds within) {
    const std::lock_guard hold(turn_);
    const auto slot = slot_of(key);
    const auto until = deadline::in(settings_.answer_within);
    for (int hops = 0;;) {
        if (bell_.has_rung()) return fail(errc::unavailable, "stopped");
        const auto master = master_of(slot);
        if (!master) return master.error();
        auto said = at(*master).call(commands, within);
        if (!said) {
            map_.reset();
            // Whoever answered may not have noticed yet that it is gone: another one is asked first next time.
            std::rotate(known_.begin(), known_.begin() + 1, known_.end());
            return said;
        }
        if (said->empty() || !said->front().is_refusal()) return said;
        auto why = refusal_of(said->front().text);
        if (why == refusal::moved || why == refusal::ask) {
            const auto to = redirection_of(said->front().text);
            if (!to || ++hops > most_hops) return said;
            const server_address there{to->host.empty() ? master->host : to->host, to->port};
            if (why == refusal::moved) {
                map_.reset();
                put_first(known_, there);
                continue;
            }
            said = ask_there(there, commands, within);
            if (!said || !said->front().is_refusal()) return said;
            why = refusal_of(said->front().text);
        }
        const bool passes = why == refusal::try_again || why == refusal::cluster_down || why == refusal::moved;
        if (!passes || until.passed() || bell_.wait_for(pause)) return said;
    }
}

/// While a slot moves, what is there already is asked for with a word before it, and the map stays as it is.
cluster_client::replies cluster_client::ask_there(const server_address& there, std::span<const command> commands,
                                                  std::chrono::milliseconds within) {
    std::vector<command> said;
    for (const auto& each : commands) {
        said.push_back({"ASKING"});
        said.push_back(each);
    }
    auto all = at(there).call(said, within);
    if (!all) return all;
    std::vector<reply> answers;
    for (std::size_t i = 1; i < all->size(); i += 2) answers.push_back(std::move((*all)[i]));
    return answers;
}

}  // namespace kindred::redis
