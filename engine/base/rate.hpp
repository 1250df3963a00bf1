#pragma once
#include "engine/base/time.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kindred {

/// So many times in a span: "80/1s".
struct rate {
    std::uint32_t times = 1;
    duration per = std::chrono::seconds{1};

    bool operator==(const rate&) const = default;
};

/// Reads "80/1s", "200/15m" (at most a million times, a span of at most a day); nothing for what is none.
inline std::optional<rate> parse_rate(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash > 7) return std::nullopt;
    rate made;
    made.times = 0;
    for (const char digit : text.substr(0, slash)) {
        if (digit < '0' || digit > '9') return std::nullopt;
        made.times = made.times * 10 + static_cast<std::uint32_t>(digit - '0');
    }
    const auto per = parse_duration(text.substr(slash + 1));
    if (!per || per->count() <= 0 || *per > std::chrono::hours{24} || made.times == 0 || made.times > 1'000'000)
        return std::nullopt;
    made.per = *per;
    return made;
}

/// A token bucket that holds `times` tokens and is filled again within `per`; full at first. One number is its state:
/// when it will be full again.
class allowance {
public:
    /// When one more is allowed: now, or later.
    time_point next(const rate& of, time_point now) const {
        return std::max(std::max(full_again_, now) - of.per + one(of), now);
    }
    /// Takes one, allowed or not.
    void take(const rate& of, time_point now) { full_again_ = std::max(full_again_, now) + one(of); }
    bool is_full(time_point now) const { return full_again_ <= now; }

private:
    /// Rounded up: never more than was agreed.
    static duration one(const rate& of) { return duration{(of.per.count() + of.times - 1) / of.times}; }
    time_point full_again_{};
};

}  // namespace kindred
