#include "engine/http/rate_limiter.hpp"

#include <algorithm>

namespace kindred::http {
namespace {

/// Looking for keys to forget costs as much as there are keys.
constexpr std::chrono::seconds sweep_at_most_every{1};

}  // namespace

rate_limiter::rate_limiter(std::chrono::milliseconds interval, std::size_t burst, std::size_t most_keys)
    : interval_(interval),
      in_advance_(interval * static_cast<long>(std::max<std::size_t>(burst, 1) - 1)),
      most_keys_(most_keys) {}

std::optional<std::chrono::milliseconds> rate_limiter::refuse(std::string_view key, time now) {
    const std::lock_guard hold(mutex_);
    time& whole = whole_again(key, now);
    const time from = std::max(whole, now);
    if (from - now > in_advance_) return std::chrono::ceil<std::chrono::milliseconds>(from - now - in_advance_);
    whole = from + interval_;
    return std::nullopt;
}

rate_limiter::time& rate_limiter::whole_again(std::string_view key, time now) {
    const auto found = whole_again_.find(key);
    if (found != whole_again_.end()) return found->second;
    if (whole_again_.size() >= most_keys_ && now - swept_ >= sweep_at_most_every) {
        swept_ = now;
        std::erase_if(whole_again_, [now](const auto& each) { return each.second <= now; });
    }
    if (whole_again_.size() >= most_keys_) return shared_;
    return whole_again_.emplace(key, time{}).first->second;
}

std::size_t rate_limiter::keys() const {
    const std::lock_guard hold(mutex_);
    return whole_again_.size();
}

}  // namespace kindred::http
