#pragma once
#include "engine/base/time.hpp"

#include <atomic>

namespace kindred::runtime {

/// A Monday, 10:00 UTC.
inline constexpr time_point test_start =
    time_point{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}} + std::chrono::hours{10};

/// The present is what the test says.
class manual_clock final : public clock {
public:
    explicit manual_clock(time_point now = test_start) : now_(to_millis(now)) {}
    time_point now() const override { return from_millis(now_); }
    void advance(duration by) { now_ += by.count(); }

private:
    std::atomic<std::int64_t> now_;
};

}  // namespace kindred::runtime
