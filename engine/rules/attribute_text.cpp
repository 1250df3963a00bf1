#include "engine/rules/attribute_text.hpp"

#include "engine/base/text.hpp"
#include "engine/conditions/calendar.hpp"

#include <charconv>
#include <cmath>

namespace kindred::rules {
namespace {

using conditions::fact_type;

template <class Number>
std::optional<fact_value> number_of(std::string_view text) {
    Number read{};
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), read);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if constexpr (std::is_floating_point_v<Number>)
        if (!std::isfinite(read)) return std::nullopt;
    return fact_value(read);
}

std::optional<fact_value> truth_of(std::string_view text) {
    for (const std::string_view each : {"true", "yes", "1"})
        if (equal_ignoring_case(text, each)) return fact_value(true);
    for (const std::string_view each : {"false", "no", "0"})
        if (equal_ignoring_case(text, each)) return fact_value(false);
    return std::nullopt;
}

fact_value list_of(std::string_view text) {
    std::vector<std::string> texts;
    for (const auto each : split(text, ';'))
        if (!trim(each).empty()) texts.emplace_back(trim(each));
    return texts;
}

std::optional<fact_value> value_of(fact_type type, std::string_view text) {
    switch (type) {
        case fact_type::integer: return number_of<std::int64_t>(text);
        case fact_type::number: return number_of<double>(text);
        case fact_type::yes_no: return truth_of(text);
        case fact_type::duration:
            if (const auto span = parse_duration(text)) return fact_value(*span);
            return std::nullopt;
        case fact_type::time:
            if (const auto at = parse_time(text)) return fact_value(*at);
            return std::nullopt;
        case fact_type::date: {
            const auto date = conditions::parse_date(text);
            if (!date) return std::nullopt;
            return fact_value(time_point{std::chrono::sys_days{*date}});
        }
        case fact_type::text_list: return list_of(text);
        default: return fact_value(std::string(text));
    }
}

}  // namespace

result<fact_value> attribute_from_text(std::string_view name, fact_type type, std::string_view text) {
    if (auto value = value_of(type, type == fact_type::text ? text : trim(text))) return std::move(*value);
    return fail(errc::invalid, std::string(name) + ": must be " + std::string(conditions::name_of(type)) + ", not \"" +
                                   std::string(text.substr(0, 100)) + '"');
}

fact_value as_stated(const fact_value& value, fact_type type) {
    const auto* at = std::get_if<time_point>(&value);
    if (type != fact_type::date || at == nullptr) return value;
    return to_rfc3339(*at).substr(0, 10);
}

std::string attribute_to_text(const fact_value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) {
        std::string joined;
        for (const auto& each : *texts) joined += (joined.empty() ? "" : ";") + each;
        return joined;
    }
    if (std::holds_alternative<std::monostate>(value)) return {};
    json::writer out;
    write_json(out, value);
    auto text = out.take();
    if (text.starts_with('"')) text = text.substr(1, text.size() - 2);  // times and durations need no escapes
    return text;
}

}  // namespace kindred::rules
