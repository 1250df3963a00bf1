#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"
#include "engine/conditions/time_zone.hpp"

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::conditions {

enum class opening { open = 1, closed, holiday };
std::string_view name_of(opening state);

/// Part of a day in minutes from local midnight; `end` may pass 1440 when it runs into the next day.
struct day_span {
    int begin = 0;
    int end = 0;
    bool operator==(const day_span&) const = default;
};

struct holiday {
    std::chrono::year_month_day date;
    std::vector<day_span> open;  ///< opening hours of that day in place of the usual ones; mostly none
};

/// Opening hours in a time zone. Hours that pass midnight belong to the day they begin on: a holiday takes away the
/// hours that begin on it. Immutable; safe from every thread.
class calendar {
public:
    calendar(std::string name, time_zone zone, std::array<std::vector<day_span>, 7> week,
             std::vector<holiday> holidays);

    const std::string& name() const { return name_; }
    const time_zone& zone() const { return zone_; }
    opening state_at(time_point moment) const;
    bool open_at(time_point moment) const { return state_at(moment) == opening::open; }
    /// The next moment after `moment` at which the state is another; none when it stays for more than 400 days.
    std::optional<time_point> next_change(time_point moment) const;
    /// `moment` itself where it is open; else when it opens next; none when not within 400 days.
    std::optional<time_point> next_opening(time_point moment) const;

private:
    const std::vector<day_span>& hours_of(std::chrono::year_month_day date) const;
    bool is_open(time_point moment, std::chrono::year_month_day today) const;
    std::string name_;
    time_zone zone_;
    std::array<std::vector<day_span>, 7> week_;  ///< from Monday
    std::map<std::chrono::year_month_day, std::vector<day_span>> holidays_;
    bool never_changes_ = false;
};

/// "09:00-13:00" to minutes; "22:00-06:00" ends the next day, "00:00-24:00" is the whole day. errc::invalid otherwise.
result<day_span> parse_day_span(std::string_view text);
/// "mon", "mon-fri", "fri-mon" (wraps) as day numbers from Monday = 0, in order. errc::invalid otherwise.
result<std::vector<int>> parse_weekdays(std::string_view text);
/// "2026-12-25"
std::optional<std::chrono::year_month_day> parse_date(std::string_view text);
std::string to_text(std::chrono::year_month_day date);

}  // namespace kindred::conditions
