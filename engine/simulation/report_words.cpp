#include "engine/simulation/report_words.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace kindred::simulation {

std::string decimal_text(double value, int digits) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

namespace {

std::string with_half_width(const std::string& mean, const char* unit, double half_width, int digits) {
    if (!std::isfinite(half_width)) return mean + unit;
    return mean + unit + " ±" + decimal_text(half_width, digits);
}

constexpr double long_wait = 1'000'000;  // milliseconds; beyond that nobody reads seconds

std::string to_whole_seconds(double millis) {
    return kindred::to_text(std::chrono::seconds{std::llround(millis / 1'000)});
}

}  // namespace

std::string share_text(const estimate& of) {
    return with_half_width(decimal_text(of.mean * 100, 1), "%", of.half_width * 100, 1);
}

std::string seconds_text(double millis) {
    if (millis >= long_wait) return to_whole_seconds(millis);
    return decimal_text(millis / 1'000, millis < 100'000 ? 1 : 0) + "s";
}

std::string wait_text(const estimate& of) {
    if (of.mean >= long_wait) {
        const auto mean = to_whole_seconds(of.mean);
        return std::isfinite(of.half_width) ? mean + " ±" + to_whole_seconds(of.half_width) : mean;
    }
    const int digits = of.mean < 1'000 ? 2 : of.mean < 100'000 ? 1 : 0;
    return with_half_width(decimal_text(of.mean / 1'000, digits), "s", of.half_width / 1'000, digits);
}

std::string summary_of(const report& told) {
    const double hours = static_cast<double>(told.found.measured.count()) / 3'600'000;
    std::string text = std::to_string(told.contacts) + " contacts simulated, " + decimal_text(hours, 1) +
                       " hours measured, seed " + std::to_string(told.seed) + ".";
    if (told.found.grows) {
        text += " The line grows without end: more comes than these agents can do.";
    } else if (std::isfinite(told.widest)) {
        text += " With 95% confidence every mean is known to " + decimal_text(told.widest * 100, 1) + "%.";
    } else {
        text += " Too little happened to say how sure these means are.";
    }
    return text;
}

std::vector<std::string> remarks_on(const outcome& found) {
    std::vector<std::string> remarks;
    for (const auto& [name, of] : found.queues) {
        const auto remark = [&, queue = "queue " + name + ": "](std::uint64_t count, const char* text) {
            if (count > 0) remarks.push_back(queue + std::to_string(count) + text);
        };
        remark(of.refused, " turned away, it was full or closed");
        remark(of.unserved, " still waited at the end");
        remark(of.declined, " offers were declined");
        remark(of.missed, " offers were not answered");
    }
    for (const auto& [name, count] : found.escalated)
        remarks.push_back("escalation \"" + name + "\": " + std::to_string(count) + " tickets");
    return remarks;
}

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char each) { return (static_cast<unsigned char>(each) & 0xC0U) != 0x80U; }));
}

}  // namespace kindred::simulation
