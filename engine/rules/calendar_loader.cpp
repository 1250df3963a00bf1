#include "engine/rules/loaders.hpp"

namespace kindred::rules {
namespace {

using conditions::day_span;
using conditions::holiday;

namespace shapes = settings::shapes;

settings::shape hours_shape() {
    constexpr auto hours = "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$";
    return shapes::list_or_one(shapes::name().matching(hours)).meaning("09:00-13:00; 22:00-06:00 passes midnight");
}

std::vector<day_span> read_hours(const settings::field& given) {
    std::vector<day_span> hours;
    for (const auto& each : given.list(true)) {
        const auto text = each.text_not_empty();
        if (!text) continue;
        const auto span = conditions::parse_day_span(*text);
        if (span)
            hours.push_back(*span);
        else
            each.error(span.error().message);
    }
    return hours;
}

std::array<std::vector<day_span>, 7> read_week(const settings::field& given) {
    std::array<std::vector<day_span>, 7> week;
    for (const auto& each : given.entries()) {
        const auto days = conditions::parse_weekdays(each.key);
        if (!days) {
            each.value.found().error(each.value.file(), each.at, days.error().message);
            continue;
        }
        const auto hours = read_hours(each.value);
        for (const int day : *days) {
            auto& of_day = week[static_cast<std::size_t>(day)];
            of_day.insert(of_day.end(), hours.begin(), hours.end());
        }
    }
    return week;
}

std::optional<holiday> read_holiday(const settings::field& given) {
    holiday day;
    auto date_field = given;
    if (given.is_mapping()) {
        auto long_form = given.as_section();
        date_field = long_form.require("date");
        day.open = read_hours(long_form.at("open"));
        long_form.finish();
    }
    const auto text = date_field.text_not_empty();
    if (!text) return std::nullopt;
    const auto date = conditions::parse_date(*text);
    if (!date) {
        date_field.error("must be a date such as 2026-12-25, not \"" + *text + "\"");
        return std::nullopt;
    }
    day.date = *date;
    return day;
}

void read_calendar(const settings::named_field& given, load_context& context) {
    auto section = given.value.as_section();
    auto zone = context.rules.zone;
    const auto zone_field = section.at("timezone");
    if (const auto name = zone_field.text_not_empty()) {
        auto named = conditions::time_zone::named(*name);
        if (named)
            zone = *named;
        else
            zone_field.error(named.error().message);
    }
    auto week = read_week(section.require("open"));
    std::vector<holiday> holidays;
    for (const auto& each : section.at("holidays").list())
        if (auto day = read_holiday(each)) holidays.push_back(std::move(*day));
    section.finish();
    const std::string name(given.key);
    if (!check_plain_name(given.value, given.at, name)) return;
    if (!check_fresh_name(given.value, given.at, "calendar", name, context.calendar_names())) return;
    context.rules.calendars.emplace(name,
                                    conditions::calendar(name, std::move(zone), std::move(week), std::move(holidays)));
}

}  // namespace

const settings::shape& calendars_file_shape() {
    static constexpr auto weekdays = "^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$";
    static const auto shape = [&] {
        auto holiday = shapes::either({shapes::date(), shapes::section({shapes::required("date", shapes::date()),
                                                                        shapes::optional("open", hours_shape())})});
        auto calendar = shapes::section(
            {shapes::optional("timezone", shapes::name().meaning("the site's unless said")),
             shapes::required("open", shapes::table(hours_shape()).matching(weekdays)),
             shapes::optional("holidays",
                              shapes::list(std::move(holiday)).meaning("closed, or with hours of its own"))});
        return shapes::section(
                   {shapes::required("calendars", shapes::table(std::move(calendar)).matching(plain_name_pattern))})
            .maybe_empty();
    }();
    return shape;
}

void load_calendars(load_context& context) {
    context.for_each_file(file_kind::calendars, [&](settings::section& top) {
        for (const auto& each : top.require("calendars").entries()) read_calendar(each, context);
    });
}

}  // namespace kindred::rules
