#include "engine/insight/comparison_table.hpp"

#include "engine/base/csv.hpp"
#include "engine/base/json.hpp"

#include <algorithm>
#include <array>
#include <variant>

namespace kindred::insight {
namespace {

constexpr std::array<std::string_view, 22> columns{
    "row",       "dimension", "outcome",    "segment", "other", "customers", "measure", "method",
    "statistic", "p",         "adjusted_p", "effect",  "low",   "high",      "power",   "more_needed",
    "mean",      "deviation", "commonest",  "share",   "alike", "text"};

using cell = std::variant<std::string_view, double, std::int64_t, bool>;
using row = std::vector<std::pair<std::string_view, cell>>;

void add_effect(row& to, const effect& of) {
    to.emplace_back("effect", of.size);
    to.emplace_back("low", of.low);
    to.emplace_back("high", of.high);
}

row row_of(const group_comparison& of) {
    row made{{"row", "comparison"},
             {"dimension", of.dimension},
             {"outcome", of.outcome},
             {"customers", of.answers},
             {"measure", name_of(of.of)},
             {"method", name_of(of.by)},
             {"statistic", of.test.statistic},
             {"p", of.test.p},
             {"adjusted_p", of.adjusted_p}};
    add_effect(made, of.differs);
    made.emplace_back("power", of.power);
    made.emplace_back("more_needed", of.more_needed);
    return made;
}

row row_of(const group_comparison& in, const group_profile& of) {
    row made{{"row", "segment"},
             {"dimension", in.dimension},
             {"outcome", in.outcome},
             {"segment", of.name},
             {"customers", of.answers}};
    if (in.of == measure::eta_squared) {
        made.emplace_back("mean", of.mean);
        made.emplace_back("deviation", of.deviation);
    } else {
        made.emplace_back("commonest", of.commonest);
        made.emplace_back("share", of.share);
    }
    made.emplace_back("alike", of.alike);
    return made;
}

row row_of(const group_comparison& in, const pair_comparison& of) {
    row made{{"row", "pair"},
             {"dimension", in.dimension},
             {"outcome", in.outcome},
             {"segment", of.first},
             {"other", of.second},
             {"p", of.p},
             {"adjusted_p", of.adjusted_p}};
    add_effect(made, of.differs);
    made.emplace_back("alike", of.alike);
    return made;
}

row row_of(const finding& of) {
    row made{{"row", "finding"}, {"dimension", of.dimension}, {"outcome", of.outcome}};
    if (!of.groups.empty()) made.emplace_back("segment", of.groups[0]);
    if (of.groups.size() > 1) made.emplace_back("other", of.groups[1]);
    made.emplace_back("text", of.text);
    return made;
}

std::vector<row> rows_of(const segment_report& made) {
    std::vector<row> rows;
    for (const auto& each : made.comparisons) {
        rows.push_back(row_of(each));
        for (const auto& group : each.groups) rows.push_back(row_of(each, group));
        for (const auto& pair : each.pairs) rows.push_back(row_of(each, pair));
    }
    for (const auto& each : made.findings) rows.push_back(row_of(each));
    return rows;
}

std::string csv_of(const segment_report& made) {
    std::string text;
    for (const auto name : columns) text.append(text.empty() ? "" : ",").append(name);
    text += "\r\n";
    for (const auto& each : rows_of(made)) {
        for (const auto name : columns) {
            if (name != columns.front()) text += ',';
            const auto found = std::find_if(each.begin(), each.end(), [&](const auto& of) { return of.first == name; });
            if (found == each.end()) continue;
            if (const auto* words = std::get_if<std::string_view>(&found->second))
                append_csv_text(text, *words);
            else
                std::visit([&](const auto& value) { text += json::writer().value(value).take(); }, found->second);
        }
        text += "\r\n";
    }
    return text;
}

std::string lines_of(const segment_report& made) {
    std::string text;
    for (const auto& each : rows_of(made)) {
        json::writer out;
        out.begin_object();
        for (const auto& [name, value] : each)
            std::visit([&, name = name](const auto& held) { out.member(name, held); }, value);
        text += out.end_object().take() + '\n';
    }
    return text;
}

}  // namespace

std::string to_format(const segment_report& made, report_format format) {
    switch (format) {
        case report_format::json: return to_json(made);
        case report_format::csv: return csv_of(made);
        case report_format::ndjson: return lines_of(made);
        case report_format::table: break;
    }
    return to_text(made);
}

}  // namespace kindred::insight
