#pragma once
#include <string>
#include <string_view>
#include <vector>

/// Charts as inline SVG: no script, no style sheet, nothing loaded.
namespace kindred::simulation {

struct chart_bar {
    std::string label;
    double value = 0;
    std::string shown;  ///< the value as text
};

/// Horizontal bars, one below the other.
std::string bar_chart(std::string_view title, const std::vector<chart_bar>& bars);

struct chart_line {
    std::string label;
    std::vector<double> values;  ///< as many as the chart has marks on its axis
};

/// Lines over the same marks; `unit` is put behind the numbers of the vertical axis.
std::string line_chart(std::string_view title, const std::vector<std::string>& marks,
                       const std::vector<chart_line>& lines, std::string_view unit);

}  // namespace kindred::simulation
