#include "engine/conditions/time_zone.hpp"

#include <unicode/basictz.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>
#include <algorithm>
#include <vector>

namespace kindred::conditions {
namespace {

// Offsets are tabled between these years, so that a look-up costs a binary search; outside ICU is asked.
constexpr time_point table_begin{std::chrono::sys_days{std::chrono::year{1990} / 1 / 1}};
constexpr time_point table_end{std::chrono::sys_days{std::chrono::year{2100} / 1 / 1}};
// No zone is further from UTC; a local time and its instant lie within this of each other.
constexpr duration widest_offset = std::chrono::hours{26};

duration ask_offset(const icu::TimeZone& zone, time_point moment) {
    int32_t raw = 0;
    int32_t saving = 0;
    UErrorCode status = U_ZERO_ERROR;
    zone.getOffset(static_cast<UDate>(to_millis(moment)), false, raw, saving, status);
    return duration{U_SUCCESS(status) ? raw + saving : 0};
}

}  // namespace

struct time_zone::offsets {
    struct period {
        time_point from;
        duration offset;
    };
    std::unique_ptr<icu::TimeZone> zone;
    std::vector<period> periods;

    explicit offsets(std::unique_ptr<icu::TimeZone> asked) : zone(std::move(asked)) {
        periods.push_back({table_begin, ask_offset(*zone, table_begin)});
        const auto* rules = dynamic_cast<const icu::BasicTimeZone*>(zone.get());
        icu::TimeZoneTransition change;
        auto at = static_cast<UDate>(to_millis(table_begin));
        while (rules != nullptr && rules->getNextTransition(at, false, change)) {
            at = change.getTime();
            const time_point from = from_millis(static_cast<std::int64_t>(at));
            if (from >= table_end) break;
            const auto offset = ask_offset(*zone, from);
            if (offset != periods.back().offset) periods.push_back({from, offset});
        }
    }

    duration at(time_point moment) const {
        if (moment < table_begin || moment >= table_end) return ask_offset(*zone, moment);
        const auto after = std::upper_bound(periods.begin(), periods.end(), moment,
                                            [](time_point left, const period& right) { return left < right.from; });
        return (after - 1)->offset;
    }
};

int weekday_of(std::chrono::year_month_day date) {
    return static_cast<int>(std::chrono::weekday{std::chrono::sys_days{date}}.iso_encoding()) - 1;
}

result<time_zone> time_zone::named(std::string_view name) {
    const auto id = icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString canonical;
    UBool is_system = false;
    icu::TimeZone::getCanonicalID(id, canonical, is_system, status);
    if (U_FAILURE(status) || is_system == 0 || name == "Etc/Unknown")
        return fail(errc::invalid, "there is no time zone \"" + std::string(name) +
                                       "\"; use a name of the tz database such as America/Mexico_City");
    return time_zone(std::string(name), std::make_shared<const offsets>(
                                            std::unique_ptr<icu::TimeZone>(icu::TimeZone::createTimeZone(id))));
}

time_zone time_zone::utc() {
    return {"UTC", std::make_shared<const offsets>(
                       std::unique_ptr<icu::TimeZone>(icu::TimeZone::createTimeZone(icu::UnicodeString("UTC"))))};
}

duration time_zone::offset_at(time_point moment) const { return offsets_->at(moment); }

local_moment time_zone::at(time_point moment) const {
    const auto local = moment + offset_at(moment);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::hh_mm_ss clock{local - day};
    const std::chrono::year_month_day date{day};
    return {date, static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()), weekday_of(date)};
}

time_point time_zone::instant_of(std::chrono::year_month_day date, int minute_of_day) const {
    // The wanted clock reading as if it were UTC.
    const time_point reading = time_point{std::chrono::sys_days{date}} + std::chrono::minutes{minute_of_day};
    const duration earlier = offset_at(reading - widest_offset);
    const duration later = offset_at(reading + widest_offset);
    if (earlier == later) return reading - earlier;
    // The clocks change within these days: find the moment by halving.
    time_point before = reading - widest_offset;
    time_point change = reading + widest_offset;
    while (change - before > duration{1}) {
        const time_point middle = before + (change - before) / 2;
        (offset_at(middle) == earlier ? before : change) = middle;
    }
    if (reading - earlier < change) return reading - earlier;
    return std::max(reading - later, change);
}

}  // namespace kindred::conditions
