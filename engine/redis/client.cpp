#include "engine/redis/client.hpp"

#include "engine/redis/refusal.hpp"

#include <algorithm>
#include <array>

namespace kindred::redis {
namespace {

constexpr std::chrono::milliseconds first_pause{20};
constexpr std::chrono::milliseconds longest_pause{1'000};

}  // namespace

client::client(connection_settings settings)
    : settings_(std::move(settings)), last_(fail(errc::unavailable, "not connected")), dice_(std::random_device{}()) {}

client::~client() { stop(); }

result<connection*> client::connected() {
    if (open_ && open_->is_usable()) return open_.get();
    open_.reset();
    const auto now = std::chrono::steady_clock::now();
    if (now < next_try_) return last_;
    auto made = connection::open(settings_, bell_);
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

result<std::vector<reply>> client::call(std::span<const command> commands) {
    return call(commands, settings_.answer_within);
}

result<std::vector<reply>> client::call(std::span<const command> commands, std::chrono::milliseconds within) {
    const std::lock_guard hold(turn_);
    const auto at = connected();
    if (!at) return at.error();
    return (*at)->call(commands, within);
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
