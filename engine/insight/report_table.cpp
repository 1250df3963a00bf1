#include "engine/insight/report_table.hpp"

#include "engine/base/csv.hpp"
#include "engine/base/json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace kindred::insight {
namespace {

constexpr std::array<std::string_view, 4> step_names{"hour", "day", "week", "month"};

bool has_names(const report_table& made) { return made.asked.by == grouping::agent; }

/// Numbers as they are shown: counts whole, seconds to the millisecond, ratios to six places.
double shown(double value, unit in) {
    if (in == unit::count) return std::round(value);
    const double places = in == unit::seconds ? 1e3 : 1e6;
    return std::round(value * places) / places;
}

void write_figures(json::writer& out, const report_row& row, std::span<const report_column> columns) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        out.key(columns[i].name);
        const auto& value = row.values.at(i);
        if (!value)
            out.null();
        else if (columns[i].in == unit::count)
            out.value(static_cast<std::int64_t>(std::llround(*value)));
        else
            out.value(shown(*value, columns[i].in));
    }
}

void write_row(json::writer& out, const report_table& made, const report_row& row) {
    out.begin_object().member("from", to_rfc3339(row.from)).member("until", to_rfc3339(row.until));
    if (made.asked.by != grouping::none) out.member("group", row.group);
    if (has_names(made)) out.member("name", row.name);
    write_figures(out, row, describe(made.asked.which).columns);
    out.end_object();
}

std::string number_text(const std::optional<double>& value, unit in) {
    if (!value) return {};
    json::writer out;
    if (in == unit::count) return out.value(static_cast<std::int64_t>(std::llround(*value))).take();
    return out.value(shown(*value, in)).take();
}

/// The header, then the rows, as texts that are not escaped yet.
std::vector<std::vector<std::string>> cells_of(const report_table& made) {
    const auto columns = describe(made.asked.which).columns;
    std::vector<std::vector<std::string>> cells(1);
    cells[0] = {"from", "until"};
    if (made.asked.by != grouping::none) cells[0].emplace_back("group");
    if (has_names(made)) cells[0].emplace_back("name");
    for (const auto& each : columns) cells[0].emplace_back(each.name);
    for (const auto& row : made.rows) {
        auto& line = cells.emplace_back();
        line = {to_rfc3339(row.from), to_rfc3339(row.until)};
        if (made.asked.by != grouping::none) line.push_back(row.group);
        if (has_names(made)) line.push_back(row.name);
        for (std::size_t i = 0; i < columns.size(); ++i) line.push_back(number_text(row.values.at(i), columns[i].in));
    }
    return cells;
}

}  // namespace

std::string to_json(const report_table& made) {
    const auto& asked = made.asked;
    json::writer out;
    out.begin_object().member("report", describe(asked.which).name);
    out.member("from", to_rfc3339(asked.borders.front())).member("until", to_rfc3339(asked.borders.back()));
    out.member("zone", asked.zone).member_if("by", asked.by_name);
    if (asked.every != period_step::whole)
        out.member("every", step_names.at(static_cast<std::size_t>(asked.every) - 2));
    if (asked.within != duration{0}) out.member("within", kindred::to_text(asked.within));
    out.key("rows").begin_array();
    for (const auto& row : made.rows) write_row(out, made, row);
    return out.end_array().end_object().take();
}

std::string to_ndjson(const report_table& made) {
    std::string text;
    for (const auto& row : made.rows) {
        json::writer out;
        write_row(out, made, row);
        text += out.text();
        text += '\n';
    }
    return text;
}

std::string to_csv(const report_table& made) {
    std::string text;
    const auto cells = cells_of(made);
    const auto texts = cells.front().size() - describe(made.asked.which).columns.size();
    for (const auto& line : cells) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (i > 0) text += ',';
            // A figure is nobody's formula: one below zero stays a number.
            if (i < texts)
                append_csv_text(text, line[i]);
            else
                text += line[i];
        }
        text += "\r\n";
    }
    return text;
}

std::string to_text(const report_table& made) {
    const auto cells = cells_of(made);
    std::vector<std::size_t> widths(cells.front().size());
    for (const auto& line : cells)
        for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], count_code_points(line[i]));
    const auto texts = cells.front().size() - describe(made.asked.which).columns.size();
    std::string text;
    for (const auto& line : cells) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            const std::string gap(widths[i] - count_code_points(line[i]), ' ');
            if (i > 0) text += "  ";
            text += i < texts ? line[i] + gap : gap + line[i];
        }
        text += '\n';
    }
    return text;
}

std::string to_format(const report_table& made) {
    switch (made.asked.format) {
        case report_format::json: return to_json(made);
        case report_format::csv: return to_csv(made);
        case report_format::ndjson: return to_ndjson(made);
        case report_format::table: return to_text(made);
    }
    return {};
}

std::string_view media_type(report_format format) {
    switch (format) {
        case report_format::json: return "application/json";
        case report_format::csv: return "text/csv; charset=utf-8; header=present";
        case report_format::ndjson: return "application/x-ndjson";
        case report_format::table: break;
    }
    return "text/plain; charset=utf-8";
}

}  // namespace kindred::insight
