#include "engine/conditions/time_zone.hpp"

#include "engine/conditions/tz_file.hpp"

#include <unicode/basictz.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>
#include <algorithm>
#include <fstream>
#include <sstream>

namespace kindred::conditions {
namespace {

// Offsets are tabled up to here; beyond, the last one stays.
constexpr std::chrono::year last_year{2100};
constexpr time_point table_begin{std::chrono::sys_days{std::chrono::year{1970} / 1 / 1}};
constexpr time_point table_end{std::chrono::sys_days{last_year / 1 / 1}};
// No zone is further from UTC; a local time and its instant lie within this of each other.
constexpr duration widest_offset = std::chrono::hours{26};

/// Names of the tz database; its other files ("posix/...", "leapseconds") begin in lower case.
bool looks_like_a_zone(std::string_view name) {
    return !name.empty() && name.front() >= 'A' && name.front() <= 'Z' && name.find("..") == std::string_view::npos &&
           std::all_of(name.begin(), name.end(), [](char letter) {
               return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
                      (letter >= '0' && letter <= '9') || letter == '/' || letter == '_' || letter == '-' ||
                      letter == '+';
           });
}

/// The system's tz database: Debian keeps it up to date, while ICU's copy is as old as ICU (72 has Mexico changing its
/// clocks still).
std::optional<std::vector<offset_period>> ask_system(const std::string& name) {
    std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
    std::ostringstream bytes;
    if (!file || !(bytes << file.rdbuf())) return std::nullopt;
    return read_tz_file(std::move(bytes).str(), last_year);
}

duration icu_offset(const icu::TimeZone& zone, time_point moment) {
    int32_t raw = 0;
    int32_t saving = 0;
    UErrorCode status = U_ZERO_ERROR;
    zone.getOffset(static_cast<UDate>(to_millis(moment)), false, raw, saving, status);
    return duration{U_SUCCESS(status) ? raw + saving : 0};
}

/// Where the machine has no tz database.
std::optional<std::vector<offset_period>> ask_icu(const std::string& name) {
    const auto id = icu::UnicodeString::fromUTF8(name);
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString canonical;
    UBool is_system = false;
    icu::TimeZone::getCanonicalID(id, canonical, is_system, status);
    if (U_FAILURE(status) || is_system == 0) return std::nullopt;
    const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
    std::vector<offset_period> periods{{time_point::min(), icu_offset(*zone, table_begin)}};
    const auto* rules = dynamic_cast<const icu::BasicTimeZone*>(zone.get());
    icu::TimeZoneTransition change;
    auto at = static_cast<UDate>(to_millis(table_begin));
    while (rules != nullptr && rules->getNextTransition(at, false, change)) {
        at = change.getTime();
        const time_point from = from_millis(static_cast<std::int64_t>(at));
        if (from >= table_end) break;
        periods.push_back({from, icu_offset(*zone, from)});
    }
    return periods;
}

}  // namespace

struct time_zone::offsets {
    std::vector<offset_period> periods;  ///< rising; the first from the beginning of time

    duration at(time_point moment) const {
        const auto after = std::upper_bound(periods.begin(), periods.end(), moment,
                                            [](time_point left, const auto& right) { return left < right.from; });
        return (after - 1)->offset;
    }
};

int weekday_of(std::chrono::year_month_day date) {
    return static_cast<int>(std::chrono::weekday{std::chrono::sys_days{date}}.iso_encoding()) - 1;
}

result<time_zone> time_zone::named(std::string_view name) {
    if (name == "UTC") return utc();
    const std::string text(name);
    auto periods = looks_like_a_zone(name) ? ask_system(text) : std::nullopt;
    if (!periods && looks_like_a_zone(name) && name != "Etc/Unknown") periods = ask_icu(text);
    if (!periods)
        return fail(errc::invalid, "there is no time zone \"" + text +
                                       "\"; use a name of the tz database such as America/Mexico_City");
    return time_zone(text, std::make_shared<const offsets>(offsets{std::move(*periods)}));
}

time_zone time_zone::utc() {
    return {"UTC", std::make_shared<const offsets>(offsets{{{time_point::min(), duration{0}}}})};
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
