#include "engine/rules/attribute_schema.hpp"

#include "engine/conditions/calendar.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

using conditions::fact_type;

constexpr double largest = 9e15;

std::optional<time_point> midnight_of(std::string_view text) {
    const auto date = conditions::parse_date(text);
    return date ? std::optional(time_point{std::chrono::sys_days{*date}}) : std::nullopt;
}

std::optional<fact_value> wrap(const auto& given) { return given ? std::optional<fact_value>(*given) : std::nullopt; }

std::optional<fact_value> text_from_json(json::value given) {
    return given.is_string() ? std::optional<fact_value>(std::string(given.text())) : std::nullopt;
}

std::optional<fact_value> list_from_json(json::value given) {
    if (!given.is_array()) return std::nullopt;
    std::vector<std::string> texts;
    bool good = true;
    given.for_each([&](json::value each) {
        good = good && each.is_string();
        texts.emplace_back(each.text());
    });
    return good ? std::optional<fact_value>(std::move(texts)) : std::nullopt;
}

std::optional<fact_value> value_from_json(fact_type type, json::value given) {
    switch (type) {
        case fact_type::integer: return wrap(given.integer());
        case fact_type::number: return wrap(given.number());
        case fact_type::yes_no: return wrap(given.boolean());
        case fact_type::duration: return given.is_string() ? wrap(parse_duration(given.text())) : std::nullopt;
        case fact_type::time: return wrap(parse_time(given.text_or_number()));
        case fact_type::date: return wrap(midnight_of(given.text()));
        case fact_type::text_list: return list_from_json(given);
        default: return text_from_json(given);
    }
}

}  // namespace

const attribute_definition* attribute_schema::find(std::string_view name) const {
    const auto found =
        std::find_if(attributes.begin(), attributes.end(), [&](const auto& a) { return a.name == name; });
    return found == attributes.end() ? nullptr : &*found;
}

std::vector<std::string> attribute_schema::names() const {
    std::vector<std::string> all;
    for (const auto& each : attributes) all.push_back(each.name);
    return all;
}

kindred::attributes attribute_schema::defaults() const {
    kindred::attributes all;
    for (const auto& each : attributes)
        if (!std::holds_alternative<std::monostate>(each.fallback))
            all.emplace(each.name, attribute{each.fallback, "default", {}});
    return all;
}

std::optional<fact_value> read_attribute(const settings::field& given, fact_type type) {
    switch (type) {
        case fact_type::integer: return wrap(given.integer());
        case fact_type::number: return wrap(given.number(-largest, largest));
        case fact_type::yes_no: return wrap(given.yes_no());
        case fact_type::duration: return wrap(given.span(duration::min()));
        case fact_type::time: return wrap(given.time());
        case fact_type::text_list: return fact_value(given.texts(true));
        case fact_type::date: {
            const auto text = given.text();
            const auto midnight = text ? midnight_of(*text) : std::nullopt;
            if (text && !midnight) given.error("must be a date such as 2026-12-25, not \"" + *text + "\"");
            return wrap(midnight);
        }
        default: return wrap(given.text());
    }
}

result<fact_value> attribute_from_json(std::string_view name, fact_type type, json::value given) {
    if (given.is_null()) return fact_value{};
    if (auto value = value_from_json(type, given)) return std::move(*value);
    return fail(errc::invalid, std::string(name) + ": must be " + std::string(conditions::name_of(type)));
}

bool fits(const fact_value& value, fact_type type) {
    switch (type) {
        case fact_type::integer: return std::holds_alternative<std::int64_t>(value);
        case fact_type::number:
            return std::holds_alternative<double>(value) || std::holds_alternative<std::int64_t>(value);
        case fact_type::yes_no: return std::holds_alternative<bool>(value);
        case fact_type::duration: return std::holds_alternative<duration>(value);
        case fact_type::time:
        case fact_type::date: return std::holds_alternative<time_point>(value);
        case fact_type::text_list: return std::holds_alternative<std::vector<std::string>>(value);
        default: return std::holds_alternative<std::string>(value);
    }
}

}  // namespace kindred::rules
