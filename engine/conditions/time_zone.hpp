#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace kindred::conditions {

/// A moment as the clocks of a zone show it.
struct local_moment {
    std::chrono::year_month_day date;
    int hour = 0;
    int minute = 0;
    int weekday = 0;  ///< 0 = Monday
};

/// 0 = Monday
int weekday_of(std::chrono::year_month_day date);

/// A time zone of the tz database: the system's, else ICU's. Immutable; safe from every thread.
class time_zone {
public:
    /// errc::invalid for a name that the tz database does not have.
    static result<time_zone> named(std::string_view name);
    static time_zone utc();

    local_moment at(time_point moment) const;
    /// What clocks here are ahead of UTC.
    duration offset_at(time_point moment) const;
    /// The moment at which clocks here show `minute_of_day` of `date`: where they skip it, the moment of the skip;
    /// where they show it twice, the first. Minutes past 1440 run into the next days.
    time_point instant_of(std::chrono::year_month_day date, int minute_of_day) const;
    const std::string& name() const { return name_; }

private:
    struct offsets;
    time_zone(std::string name, std::shared_ptr<const offsets> known)
        : name_(std::move(name)), offsets_(std::move(known)) {}
    std::string name_;
    std::shared_ptr<const offsets> offsets_;
};

}  // namespace kindred::conditions
