#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace kindred::http {

/// How often each of many keys (an address, a channel, a person) may do something: a steady rate with some in advance.
/// Thread-safe; memory is bounded, and keys beyond the bound share one allowance, so that inventing keys gains nothing.
class rate_limiter {
public:
    using time = std::chrono::steady_clock::time_point;

    /// Each key may act `burst` times at once, and once more every `interval`. `burst` is at least 1.
    rate_limiter(std::chrono::milliseconds interval, std::size_t burst, std::size_t most_keys = 100'000);

    /// Counts one act of `key`. Nothing when it is allowed; else how long until the next one is, for Retry-After.
    std::optional<std::chrono::milliseconds> refuse(std::string_view key, time now);

    std::size_t keys() const;

private:
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view key) const { return std::hash<std::string_view>{}(key); }
    };

    /// When the allowance of `key` will be whole again.
    time& whole_again(std::string_view key, time now);

    const std::chrono::milliseconds interval_;
    const std::chrono::milliseconds in_advance_;
    const std::size_t most_keys_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, time, hash, std::equal_to<>> whole_again_;
    time shared_{};
    time swept_{};
};

}  // namespace kindred::http
