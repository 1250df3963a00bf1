#include "engine/simulation/chart.hpp"

#include "engine/base/text.hpp"
#include "engine/simulation/report_words.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace kindred::simulation {
namespace {

constexpr std::array<std::string_view, 8> colours{"#1f6feb", "#d1242f", "#1a7f37", "#9a6700",
                                                  "#8250df", "#0a7ea4", "#bf3989", "#57606a"};

std::string at(double value) { return decimal_text(value, 1); }

std::string text_at(double x, double y, std::string_view anchor, std::string_view text) {
    return "<text x=\"" + at(x) + "\" y=\"" + at(y) + "\" text-anchor=\"" + std::string(anchor) + "\">" +
           escape_markup(text) + "</text>\n";
}

std::string opening(std::string_view title, double width, double height) {
    return "<figure>\n<figcaption>" + escape_markup(title) + "</figcaption>\n<svg viewBox=\"0 0 " + at(width) + " " +
           at(height) + "\" role=\"img\" aria-label=\"" + escape_markup(title) + "\">\n";
}

/// A round number at or above it: 1, 2 or 5 times a power of ten.
double rounded_up(double value) {
    if (value <= 0) return 1;
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 5.0})
        if (value <= step * power) return step * power;
    return 10 * power;
}

}  // namespace

std::string bar_chart(std::string_view title, const std::vector<chart_bar>& bars) {
    constexpr double width = 640;
    constexpr double left = 160;
    constexpr double row = 24;
    constexpr double room = 110;  // for the numbers
    double most = 0;
    for (const auto& each : bars) most = std::max(most, each.value);
    std::string out = opening(title, width, row * static_cast<double>(bars.size()) + 8);
    for (std::size_t each = 0; each < bars.size(); ++each) {
        const double y = row * static_cast<double>(each) + 4;
        const double length = most > 0 ? bars[each].value / most * (width - left - room) : 0;
        out += text_at(left - 8, y + 15, "end", bars[each].label);
        out += "<rect x=\"" + at(left) + "\" y=\"" + at(y) + "\" width=\"" + at(length) + "\" height=\"18\" fill=\"" +
               std::string(colours[0]) + "\"/>\n";
        out += text_at(left + length + 6, y + 15, "start", bars[each].shown);
    }
    return out + "</svg>\n</figure>\n";
}

std::string line_chart(std::string_view title, const std::vector<std::string>& marks,
                       const std::vector<chart_line>& lines, std::string_view unit) {
    constexpr double width = 640;
    constexpr double height = 240;
    constexpr double left = 60;
    constexpr double bottom = 40;
    constexpr double top = 10;
    double most = 0;
    for (const auto& line : lines)
        for (const double value : line.values) most = std::max(most, value);
    most = rounded_up(most);
    const double step = (width - left - 20) / static_cast<double>(std::max<std::size_t>(marks.size() - 1, 1));
    const auto x_of = [&](std::size_t mark) { return left + step * static_cast<double>(mark); };
    const auto y_of = [&](double value) { return height - bottom - value / most * (height - bottom - top); };
    const double legend = 20 * static_cast<double>(lines.size());
    std::string out = opening(title, width, height + legend);
    for (int tenth = 0; tenth <= 4; ++tenth) {
        const double value = most * tenth / 4;
        out += "<line x1=\"" + at(left) + "\" x2=\"" + at(width - 20) + "\" y1=\"" + at(y_of(value)) + "\" y2=\"" +
               at(y_of(value)) + "\" stroke=\"#d0d7de\"/>\n";
        out += text_at(left - 6, y_of(value) + 4, "end", decimal_text(value, most < 4 ? 2 : 0) + std::string(unit));
    }
    const std::size_t every = std::max<std::size_t>(1, marks.size() / 16);
    for (std::size_t mark = 0; mark < marks.size(); mark += every)
        out += text_at(x_of(mark), height - bottom + 18, "middle", marks[mark]);
    for (std::size_t line = 0; line < lines.size(); ++line) {
        const auto colour = std::string(colours[line % colours.size()]);
        std::string points;
        for (std::size_t mark = 0; mark < lines[line].values.size(); ++mark)
            points += at(x_of(mark)) + "," + at(y_of(lines[line].values[mark])) + " ";
        out += "<polyline fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"2\" points=\"" + points + "\"/>\n";
        const double y = height + 20 * static_cast<double>(line);
        out +=
            "<rect x=\"" + at(left) + "\" y=\"" + at(y) + "\" width=\"12\" height=\"12\" fill=\"" + colour + "\"/>\n";
        out += text_at(left + 18, y + 11, "start", lines[line].label);
    }
    return out + "</svg>\n</figure>\n";
}

}  // namespace kindred::simulation
