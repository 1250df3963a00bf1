#include "engine/conditions/fact_text.hpp"

#include "engine/conditions/calendar.hpp"

#include <array>
#include <cstdio>

namespace kindred::conditions {
namespace {

std::string date_text(time_point midnight) {
    return to_text(std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(midnight)});
}

std::string number_text(double number) {
    std::array<char, 40> text{};
    return {text.data(), static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%.10g", number))};
}

std::string moment_text(time_point moment, const time_zone& zone) {
    const auto local = zone.at(moment);
    std::array<char, 8> clock{};
    std::snprintf(clock.data(), clock.size(), " %02d:%02d", local.hour % 24, local.minute % 60);
    return to_text(local.date) + clock.data();
}

void write_cut(json::writer& out, std::string_view text, std::size_t longest) {
    if (text.size() <= longest) {
        out.value(text);
        return;
    }
    while (longest > 0 && (static_cast<unsigned char>(text[longest]) & 0xC0U) == 0x80) --longest;
    out.value(std::string(text.substr(0, longest)) + "\u2026");
}

template <class... Ways>
struct overloaded : Ways... {
    using Ways::operator()...;
};
template <class... Ways>
overloaded(Ways...) -> overloaded<Ways...>;

}  // namespace

std::string to_text(const fact_view& value, fact_type type, const time_zone& zone) {
    return std::visit(
        overloaded{
            [](std::monostate) { return std::string(); },
            [](bool truth) { return std::string(truth ? "yes" : "no"); },
            [](std::int64_t whole) { return std::to_string(whole); },
            [](double number) { return number_text(number); },
            [](std::string_view text) { return std::string(text); },
            [&](time_point moment) { return type == fact_type::date ? date_text(moment) : moment_text(moment, zone); },
            [](duration span) { return kindred::to_text(span); },
            [](std::span<const std::string> several) {
                std::string all;
                for (const auto& each : several) all += (all.empty() ? "" : ", ") + each;
                return all;
            },
        },
        value);
}

void write_json(json::writer& out, const fact_view& value, fact_type type, std::size_t longest_text) {
    std::visit(
        overloaded{
            [&](std::monostate) { out.null(); },
            [&](bool truth) { out.value(truth); },
            [&](std::int64_t whole) { out.value(whole); },
            [&](double number) { out.value(number); },
            [&](std::string_view text) { write_cut(out, text, longest_text); },
            [&](time_point moment) { out.value(type == fact_type::date ? date_text(moment) : to_rfc3339(moment)); },
            [&](duration span) { out.value(kindred::to_text(span)); },
            [&](std::span<const std::string> several) {
                out.begin_array();
                std::size_t left = longest_text;
                for (const auto& each : several) {
                    if (left == 0) break;
                    write_cut(out, each, left);
                    left -= std::min(left, each.size());
                }
                out.end_array();
            },
        },
        value);
}

}  // namespace kindred::conditions
