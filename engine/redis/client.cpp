#include "engine/redis/client.hpp"

#include "engine/base/deadline.hpp"

#include <algorithm>
#include <array>

namespace kindred::redis {
namespace {

constexpr std::chrono::milliseconds first_pause{20};
constexpr std::chrono::milliseconds longest_pause{1'000};
/// Between two tries while a cluster is between two states.
constexpr std::chrono::milliseconds cluster_pause{25};
/// Redirections that one call follows: more of them lead in a circle.
constexpr int most_hops = 8;

std::string shown(const server_address& server) { return server.host + ":" + std::to_string(server.port); }

}  // namespace

client::client(connection_settings settings, way_to_server way)
    : settings_(std::move(settings)),
      way_(std::move(way)),
      last_(fail(errc::unavailable, "not connected")),
      dice_(std::random_device{}()) {
    if (const auto* in = std::get_if<cluster_settings>(&way_)) known_ = in->servers;
}

client::~client() { stop(); }

result<std::unique_ptr<connection>> client::connect_at(const server_address& server) const {
    auto to = settings_;
    to.server = server;
    return connection::open(to, bell_);
}

result<std::unique_ptr<connection>> client::connect_to_master(const sentinel_settings& by) const {
    const auto master = find_master(by, bell_);
    if (!master) return master.error();
    auto made = connect_at(*master);
    if (!made) return made;
    // For some moments around a failover sentinels name a server that is a replica already, or still.
    const std::array question{command{"ROLE"}};
    const auto said = (*made)->call(question);
    if (!said) return fail(errc::unavailable, said.error().message);
    const auto& role = said->front();
    if (!role.is_refusal() && !role.list.empty() && role.list[0].text != "master")
        return fail(errc::unavailable, "Redis at " + shown(*master) + " is no master although a sentinel says so");
    return made;
}

result<std::unique_ptr<connection>> client::connect_to_slot(const cluster_settings& in) {
    if (const auto to = std::exchange(moved_to_, std::nullopt)) {
        auto made = connect_at(*to);
        if (made) open_at_ = *to;
        if (made) return made;
    }
    const auto map = find_slots(settings_, known_, bell_);
    if (!map) return map.error();
    // Those that were named stay, should all others go.
    auto known = map->all();
    for (const auto& each : in.servers)
        if (std::find(known.begin(), known.end(), each) == known.end()) known.push_back(each);
    known_ = std::move(known);
    const auto* master = map->master_of(in.slot);
    if (master == nullptr)
        return fail(errc::unavailable, "no server of the cluster has slot " + std::to_string(in.slot));
    auto made = connect_at(*master);
    if (made) {
        open_at_ = *master;
        return made;
    }
    // Whoever answered may not have noticed yet that it is gone: another one is asked first next time.
    std::rotate(known_.begin(), known_.begin() + 1, known_.end());
    return made;
}

result<std::unique_ptr<connection>> client::connect() {
    if (const auto* by = std::get_if<sentinel_settings>(&way_)) return connect_to_master(*by);
    if (const auto* in = std::get_if<cluster_settings>(&way_)) return connect_to_slot(*in);
    return connect_at(settings_.server);
}

result<connection*> client::connected() {
    if (open_ && open_->is_usable()) return open_.get();
    open_.reset();
    const auto now = std::chrono::steady_clock::now();
    if (now < next_try_) return last_;
    auto made = connect();
    if (made) {
        open_ = std::move(*made);
        connects_.fetch_add(1, std::memory_order_release);
        pause_ = {};
        next_try_ = {};
        return open_.get();
    }
    pause_ = std::clamp(pause_ * 2, first_pause, longest_pause);
    std::uniform_int_distribution<std::chrono::milliseconds::rep> between(pause_.count() / 2, pause_.count());
    next_try_ = std::chrono::steady_clock::now() + std::chrono::milliseconds{between(dice_)};
    last_ = made.error();
    return last_;
}

void client::look_again() {
    const std::lock_guard hold(turn_);
    if (!std::holds_alternative<std::monostate>(way_)) open_.reset();
}

client::replies client::call(std::span<const command> commands) { return call(commands, settings_.answer_within); }

client::replies client::call(std::span<const command> commands, std::chrono::milliseconds within) {
    const std::lock_guard hold(turn_);
    if (std::holds_alternative<cluster_settings>(way_)) return call_cluster(commands, within);
    // A server that answers at once would else be quicker than the bell.
    if (bell_.has_rung()) return fail(errc::unavailable, "stopped");
    const auto at = connected();
    if (!at) return at.error();
    auto replies = (*at)->call(commands, within);
    if (!replies) return replies;
    // Its name, or the sentinels, may lead to another server by now.
    for (const auto& each : *replies)
        if (each.is_refusal() && refusal_of(each.text) == refusal::read_only) open_.reset();
    return replies;
}

client::replies client::call_cluster(std::span<const command> commands, std::chrono::milliseconds within) {
    const auto until = deadline::in(settings_.answer_within);
    for (int hops = 0;;) {
        if (bell_.has_rung()) return fail(errc::unavailable, "stopped");
        const auto at = connected();
        if (!at) return at.error();
        auto said = (*at)->call(commands, within);
        if (!said || said->empty() || !said->front().is_refusal()) return said;
        auto why = refusal_of(said->front().text);
        if (why == refusal::moved || why == refusal::ask) {
            auto to = redirection_of(said->front().text);
            if (!to || ++hops > most_hops) return said;
            const server_address there{to->host.empty() ? open_at_.host : to->host, to->port};
            if (why == refusal::moved) {
                open_.reset();
                moved_to_ = there;
                continue;
            }
            said = ask_there(there, commands, within);
            if (!said || !said->front().is_refusal()) return said;
            why = refusal_of(said->front().text);
        }
        const bool passes = why == refusal::try_again || why == refusal::cluster_down || why == refusal::moved;
        if (!passes || until.passed() || bell_.wait_for(cluster_pause)) return said;
    }
}

/// While a slot moves, what is there already is asked for with a word before it, and the map stays as it is.
client::replies client::ask_there(const server_address& at, std::span<const command> commands,
                                  std::chrono::milliseconds within) {
    auto to = connect_at(at);
    if (!to) return to.error();
    std::vector<command> said;
    for (const auto& each : commands) {
        said.push_back({"ASKING"});
        said.push_back(each);
    }
    auto all = (*to)->call(said, within);
    if (!all) return all;
    std::vector<reply> answers;
    for (std::size_t i = 1; i < all->size(); i += 2) answers.push_back(std::move((*all)[i]));
    return answers;
}

result<std::vector<server_address>> client::masters() {
    if (!std::holds_alternative<cluster_settings>(way_)) return std::vector<server_address>{};
    const std::lock_guard hold(turn_);
    const auto map = find_slots(settings_, known_, bell_);
    if (!map) return map.error();
    return map->masters();
}

result<reply> client::ask(const command& one) {
    const std::array commands{one};
    auto replies = call(commands);
    if (!replies && replies.error().code == errc::unknown && !bell_.has_rung()) replies = call(commands);
    if (!replies) return replies.error();
    auto& answer = replies->front();
    if (!answer.is_refusal()) return std::move(answer);
    const bool passes = remedy_for(refusal_of(answer.text)) != remedy::ask_operator;
    return fail(passes ? errc::unavailable : errc::forbidden, "Redis refuses " + one.front() + ": " + answer.text);
}

}  // namespace kindred::redis
