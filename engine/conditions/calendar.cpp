#include "engine/conditions/calendar.hpp"

#include <algorithm>
#include <cctype>

namespace kindred::conditions {
namespace {

constexpr int minutes_of_day = 24 * 60;
constexpr int days_looked_ahead = 400;
constexpr std::array<std::string_view, 7> day_names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::chrono::year_month_day days_after(std::chrono::year_month_day date, int days) {
    return std::chrono::sys_days{date} + std::chrono::days{days};
}

/// "09:00" in minutes; 24:00 is the end of the day. Negative when it is no clock time.
int parse_clock(std::string_view text) {
    const auto digit = [&](std::size_t at) { return std::isdigit(static_cast<unsigned char>(text[at])) != 0; };
    if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) return -1;
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[3] - '0') * 10 + (text[4] - '0');
    const int total = hour * 60 + minute;
    return minute > 59 || total > minutes_of_day ? -1 : total;
}

int day_named(std::string_view name) {
    const auto found = std::find(day_names.begin(), day_names.end(), name);
    return found == day_names.end() ? -1 : static_cast<int>(found - day_names.begin());
}

}  // namespace

std::string_view name_of(opening state) {
    switch (state) {
        case opening::open: return "open";
        case opening::closed: return "closed";
        case opening::holiday: return "holiday";
    }
    return "";
}

calendar::calendar(std::string name, time_zone zone, std::array<std::vector<day_span>, 7> week,
                   std::vector<holiday> holidays)
    : name_(std::move(name)), zone_(std::move(zone)), week_(std::move(week)) {
    for (auto& each : holidays) holidays_.insert_or_assign(each.date, std::move(each.open));
    const auto whole_day = [](const auto& spans) {
        return std::any_of(spans.begin(), spans.end(), [](day_span each) {
            return each == day_span{0, minutes_of_day};
        });
    };
    never_changes_ =
        holidays_.empty() && (std::all_of(week_.begin(), week_.end(), whole_day) ||
                              std::all_of(week_.begin(), week_.end(), [](const auto& s) { return s.empty(); }));
}

const std::vector<day_span>& calendar::hours_of(std::chrono::year_month_day date) const {
    const auto special = holidays_.find(date);
    return special != holidays_.end() ? special->second : week_[static_cast<std::size_t>(weekday_of(date))];
}

bool calendar::is_open(time_point moment, std::chrono::year_month_day today) const {
    for (const int back : {0, 1}) {
        const auto date = back == 0 ? today : days_after(today, -1);
        for (const auto& span : hours_of(date)) {
            if (back == 1 && span.end <= minutes_of_day) continue;  // ended with its own day
            if (moment >= zone_.instant_of(date, span.begin) && moment < zone_.instant_of(date, span.end)) return true;
        }
    }
    return false;
}

opening calendar::state_at(time_point moment) const {
    const auto today = zone_.at(moment).date;
    if (is_open(moment, today)) return opening::open;
    return holidays_.contains(today) ? opening::holiday : opening::closed;
}

std::optional<time_point> calendar::next_change(time_point moment) const {
    if (never_changes_) return std::nullopt;
    const opening now = state_at(moment);
    const auto today = zone_.at(moment).date;
    std::vector<time_point> edges;
    for (int ahead = 0; ahead <= days_looked_ahead; ++ahead) {
        const auto date = days_after(today, ahead);
        const auto midnight = zone_.instant_of(days_after(date, 1), 0);
        edges.assign(1, midnight);  // a holiday begins or ends with its day
        for (const int back : {0, 1})
            for (const auto& span : hours_of(days_after(date, -back))) {
                edges.push_back(zone_.instant_of(days_after(date, -back), span.begin));
                edges.push_back(zone_.instant_of(days_after(date, -back), span.end));
            }
        std::sort(edges.begin(), edges.end());
        for (const auto edge : edges)
            if (edge > moment && edge <= midnight && state_at(edge) != now) return edge;
    }
    return std::nullopt;
}

std::optional<time_point> calendar::next_opening(time_point moment) const {
    const time_point horizon = moment + std::chrono::days{days_looked_ahead};
    for (std::optional<time_point> at = moment; at && *at <= horizon; at = next_change(*at))
        if (open_at(*at)) return at;
    return std::nullopt;
}

result<day_span> parse_day_span(std::string_view text) {
    const auto dash = text.find('-');
    const int begin = dash == std::string_view::npos ? -1 : parse_clock(text.substr(0, dash));
    const int end = dash == std::string_view::npos ? -1 : parse_clock(text.substr(dash + 1));
    if (begin < 0 || end < 0 || begin == minutes_of_day)
        return fail(errc::invalid, "must be hours such as 09:00-13:00, not \"" + std::string(text) + "\"");
    if (begin == end)
        return fail(errc::invalid, "\"" + std::string(text) + "\" begins where it ends; a whole day is 00:00-24:00");
    return day_span{begin, end > begin ? end : end + minutes_of_day};
}

result<std::vector<int>> parse_weekdays(std::string_view text) {
    const auto dash = text.find('-');
    const int first = day_named(text.substr(0, dash));
    const int last = dash == std::string_view::npos ? first : day_named(text.substr(dash + 1));
    if (first < 0 || last < 0)
        return fail(errc::invalid,
                    "must be a weekday (mon, tue, wed, thu, fri, sat, sun) or a range such as mon-fri, not \"" +
                        std::string(text) + "\"");
    std::vector<int> days;
    for (int day = first;; day = (day + 1) % 7) {
        days.push_back(day);
        if (day == last) return days;
    }
}

std::optional<std::chrono::year_month_day> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    int numbers[3] = {0, 0, 0};
    constexpr std::size_t begins[3] = {0, 5, 8};
    constexpr std::size_t sizes[3] = {4, 2, 2};
    for (std::size_t part = 0; part < 3; ++part)
        for (const char digit : text.substr(begins[part], sizes[part])) {
            if (digit < '0' || digit > '9') return std::nullopt;
            numbers[part] = numbers[part] * 10 + (digit - '0');
        }
    const std::chrono::year_month_day date{std::chrono::year{numbers[0]},
                                           std::chrono::month{static_cast<unsigned>(numbers[1])},
                                           std::chrono::day{static_cast<unsigned>(numbers[2])}};
    return date.ok() ? std::optional(date) : std::nullopt;
}

std::string to_text(std::chrono::year_month_day date) {
    return to_rfc3339(time_point{std::chrono::sys_days{date}}).substr(0, 10);
}

}  // namespace kindred::conditions
