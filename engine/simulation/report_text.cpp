#include "engine/simulation/report_words.hpp"
#include "engine/simulation/reports.hpp"

#include <algorithm>

namespace kindred::simulation {
namespace {

using row = std::vector<std::string>;

/// Columns as wide as their widest cell; the first to the left, the others to the right.
std::string table_text(const std::vector<row>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& each : rows) {
        widths.resize(std::max(widths.size(), each.size()), 0);
        for (std::size_t column = 0; column < each.size(); ++column)
            widths[column] = std::max(widths[column], width_of(each[column]));
    }
    std::string out;
    for (const auto& each : rows) {
        std::string line;
        for (std::size_t column = 0; column < each.size(); ++column) {
            const std::string gap(widths[column] - width_of(each[column]), ' ');
            line += column == 0 ? each[column] + gap : "  " + gap + each[column];
        }
        out += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
    }
    return out;
}

row heading(const char* what, const std::vector<std::pair<duration, estimate>>& levels) {
    row made{what, "arrived", "waited", "mean wait", "p50", "p95", "p99"};
    for (const auto& [within, share] : levels) made.push_back("in " + kindred::to_text(within));
    made.insert(made.end(), {"abandoned", "occupancy"});
    return made;
}

row cells(const std::string& name, const figures& of) {
    row made{name,
             std::to_string(of.arrived),
             share_text(of.waited_share),
             wait_text(of.mean_wait),
             seconds_text(of.p50),
             seconds_text(of.p95),
             seconds_text(of.p99)};
    for (const auto& [within, share] : of.service_level) made.push_back(share_text(share));
    made.insert(made.end(), {share_text(of.abandoned_share), share_text(of.occupancy)});
    return made;
}

void append_groups(std::string& out, const std::string& title, const std::map<std::string, figures>& groups) {
    if (groups.empty()) return;
    std::vector<row> rows{heading(title.c_str(), groups.begin()->second.service_level)};
    for (const auto& [name, each] : groups)
        if (each.arrived > 0) rows.push_back(cells(name, each));
    if (rows.size() > 1) out += '\n' + table_text(rows);
}

void append_remarks(std::string& out, const outcome& found) {
    for (const auto& remark : remarks_on(found)) out += '\n' + remark;
    if (!out.empty() && out.back() != '\n') out += '\n';
}

}  // namespace

std::string to_text(const report& told) {
    std::string out = summary_of(told) + '\n';
    append_groups(out, "queue", told.found.queues);
    for (const auto& [dimension, groups] : told.found.segments) append_groups(out, dimension, groups);
    append_groups(out, "stage", told.found.stages);
    append_remarks(out, told.found);
    return out;
}

std::string to_text(const sweep_report& told) {
    std::map<std::string, std::vector<row>> tables;  // by queue
    for (const auto& each : told.runs) {
        for (const auto& [name, of] : each.told.found.queues) {
            if (of.arrived == 0) continue;
            auto& rows = tables[name];
            if (rows.empty()) rows.push_back(heading("agents", of.service_level));
            rows.push_back(cells(std::to_string(each.agents), of));
        }
    }
    std::string out;
    for (const auto& [name, rows] : tables) out += "queue " + name + '\n' + table_text(rows) + '\n';
    for (const auto& each : told.runs)
        if (each.told.found.grows)
            out += std::to_string(each.agents) + " agents are too few: the line grows without end\n";
    if (told.goal) out += to_text(*told.goal) + '\n';
    return out;
}

}  // namespace kindred::simulation
