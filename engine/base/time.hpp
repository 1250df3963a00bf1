#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace kindred {

using duration = std::chrono::milliseconds;
/// Wall-clock time in UTC with millisecond resolution: what is stored, compared and shown.
using time_point = std::chrono::sys_time<duration>;

/// Where the present comes from. Only engine/runtime and engine/app hold one; pure code takes `now` as an argument.
class clock {
public:
    virtual ~clock() = default;
    virtual time_point now() const = 0;
};

/// The system's clock.
class system_clock final : public clock {
public:
    time_point now() const override;
};

/// RFC 3339 in UTC with milliseconds: "2026-11-23T16:00:00.000Z".
std::string to_rfc3339(time_point at);

/// RFC 3339 with offset or Z, fraction optional ("2026-11-23T10:00:00-06:00"); also a bare integer = Unix seconds.
std::optional<time_point> parse_time(std::string_view text);

/// RFC 5322 / RFC 1123 date as in mail and HTTP headers ("Wed, 11 Oct 2017 18:31:04 -0700"); day name, seconds and
/// zone names GMT/UT/EST.. as RFC 5322 section 4.3 has them.
std::optional<time_point> parse_mail_date(std::string_view text);

/// The date header form: "Wed, 11 Oct 2017 18:31:04 +0000".
std::string to_mail_date(time_point at);

/// "1h30m" and the like (docs/rules.md): a number and a unit of ms, s, m, h, d, w, repeated, with an optional minus.
std::optional<duration> parse_duration(std::string_view text);

/// The shortest text that parse_duration() reads back: "1h30m", "0s", "-5m".
std::string to_text(duration span);

inline std::int64_t to_millis(time_point at) { return at.time_since_epoch().count(); }
inline time_point from_millis(std::int64_t millis) { return time_point{duration{millis}}; }

}  // namespace kindred
