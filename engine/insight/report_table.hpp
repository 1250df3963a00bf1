#pragma once
#include "engine/insight/report_question.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kindred::insight {

/// The figures of one group in one period, in the order of the report's columns; none where there is nothing to figure
/// with, such as the mean of no waits.
struct report_row {
    time_point from;
    time_point until;
    std::string group;  ///< empty: no groups were asked for, or the ticket has none (no agent, no script)
    std::string name;   ///< of grouping::agent: what the agent is called
    std::vector<std::optional<double>> values;

    bool operator==(const report_row&) const = default;
};

/// By period, then by group. Without groups every period has its row; groups have rows where they have figures.
struct report_table {
    report_question asked;
    std::vector<report_row> rows;
};

/// {"report": ..., "rows": [...]}
std::string to_json(const report_table& made);
/// A row as a JSON object a line.
std::string to_ndjson(const report_table& made);
/// RFC 4180 with a header. Cells that a spreadsheet would take for formulas begin with an apostrophe.
std::string to_csv(const report_table& made);
/// Columns for a terminal.
std::string to_text(const report_table& made);
/// In the form that was asked for, and its media type.
std::string to_format(const report_table& made);
std::string_view media_type(report_format format);

}  // namespace kindred::insight
