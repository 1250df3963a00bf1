#include "engine/redis/client.hpp"

#include "engine/redis/refusal.hpp"

#include <algorithm>
#include <array>

namespace kindred::redis {
namespace {

constexpr std::chrono::milliseconds first_pause{20};
constexpr std::chrono::milliseconds longest_pause{1'000};

}  // namespace

client::client(connection_settings settings, std::optional<sentinel_settings> sentinels)
    : settings_(std::move(settings)),
      sentinels_(std::move(sentinels)),
      last_(fail(errc::unavailable, "not connected")),
      dice_(std::random_device{}()) {}

client::~client() { stop(); }

result<std::unique_ptr<connection>> client::connect() const {
    if (!sentinels_) return connection::open(settings_, bell_);
    const auto master = find_master(*sentinels_, bell_);
    if (!master) return master.error();
    auto to = settings_;
    to.server = *master;
    auto made = connection::open(to, bell_);
    if (!made) return made;
    // For some moments around a failover sentinels name a server that is a replica already, or still.
    const std::array question{command{"ROLE"}};
    const auto said = (*made)->call(question);
    if (!said) return fail(errc::unavailable, said.error().message);
    const auto& role = said->front();
    if (!role.is_refusal() && !role.list.empty() && role.list[0].text != "master")
        return fail(errc::unavailable, "Redis at " + master->host + ":" + std::to_string(master->port) +
                                           " is no master although a sentinel says so");
    return made;
}

result<connection*> client::connected() {
    if (open_ && open_->is_usable()) return open_.get();
    open_.reset();
    const auto now = std::chrono::steady_clock::now();
    if (now < next_try_) return last_;
    auto made = connect();
    if (made) {
        open_ = std::move(*made);
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
    if (sentinels_) open_.reset();
}

result<std::vector<reply>> client::call(std::span<const command> commands) {
    return call(commands, settings_.answer_within);
}

result<std::vector<reply>> client::call(std::span<const command> commands, std::chrono::milliseconds within) {
    const std::lock_guard hold(turn_);
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
