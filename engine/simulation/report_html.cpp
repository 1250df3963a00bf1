#include "engine/base/text.hpp"
#include "engine/simulation/chart.hpp"
#include "engine/simulation/report_words.hpp"
#include "engine/simulation/reports.hpp"

#include <algorithm>
#include <cmath>

namespace kindred::simulation {
namespace {

/// Nothing may be loaded and nothing may run, whatever a queue is called.
constexpr std::string_view head =
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<style>\n"
    "body { font: 15px/1.4 system-ui, sans-serif; color: #1f2328; background: #fff; margin: 2rem auto; "
    "max-width: 60rem; padding: 0 1rem }\n"
    "table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto }\n"
    "th, td { padding: .3rem .7rem; border-bottom: 1px solid #d0d7de; text-align: right; white-space: nowrap }\n"
    "th:first-child, td:first-child { text-align: left }\n"
    "figure { margin: 1.5rem 0 } figcaption { font-weight: 600; margin-bottom: .4rem }\n"
    "svg { width: 100%; max-width: 42rem; font: 12px system-ui, sans-serif }\n"
    "</style>\n";

std::string page(std::string_view title, const std::string& body) {
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n" + std::string(head) + "<title>" + escape_markup(title) +
           "</title>\n</head>\n<body>\n<h1>" + escape_markup(title) + "</h1>\n" + body + "</body>\n</html>\n";
}

std::string cell(const char* tag, const std::string& text) {
    return "<" + std::string(tag) + ">" + escape_markup(text) + "</" + tag + ">";
}

std::string heading(const std::string& first, const figures& of) {
    std::string out = "<tr>";
    for (const std::string& each : {first, std::string("arrived"), std::string("waited"), std::string("mean wait"),
                                    std::string("p50"), std::string("p95"), std::string("p99")})
        out += cell("th", each);
    for (const auto& [within, share] : of.service_level) out += cell("th", "within " + kindred::to_text(within));
    return out + cell("th", "abandoned") + cell("th", "occupancy") + "</tr>\n";
}

std::string row(const std::string& name, const figures& of) {
    std::string out = "<tr>" + cell("td", name) + cell("td", std::to_string(of.arrived)) +
                      cell("td", share_text(of.waited_share)) + cell("td", wait_text(of.mean_wait)) +
                      cell("td", seconds_text(of.p50)) + cell("td", seconds_text(of.p95)) +
                      cell("td", seconds_text(of.p99));
    for (const auto& [within, share] : of.service_level) out += cell("td", share_text(share));
    return out + cell("td", share_text(of.abandoned_share)) + cell("td", share_text(of.occupancy)) + "</tr>\n";
}

std::string table(const std::string& title, const std::map<std::string, figures>& groups) {
    if (groups.empty()) return {};
    std::string out = "<table>\n" + heading(title, groups.begin()->second);
    for (const auto& [name, each] : groups) out += row(name, each);
    return out + "</table>\n";
}

std::string remarks(const outcome& found) {
    std::string items;
    for (const auto& remark : remarks_on(found)) items += cell("li", remark) + "\n";
    return items.empty() ? items : "<ul>\n" + items + "</ul>\n";
}

std::string bars_of_waits(const std::string& title, const std::map<std::string, figures>& groups) {
    std::vector<chart_bar> bars;
    for (const auto& [name, each] : groups)
        if (each.arrived > 0) bars.push_back({name, each.mean_wait.mean, seconds_text(each.mean_wait.mean)});
    return bars.empty() ? std::string() : bar_chart(title, bars);
}

/// How many of all have been answered or have left by then, a line for each queue.
std::string waits_chart(const std::map<std::string, figures>& queues) {
    double longest = 1'000;
    for (const auto& [name, each] : queues) longest = std::max(longest, each.p99);
    constexpr int steps = 40;
    std::vector<std::string> marks;
    for (int step = 0; step <= steps; ++step) marks.push_back(seconds_text(longest * step / steps));
    std::vector<chart_line> lines;
    for (const auto& [name, each] : queues) {
        if (each.waits.count() == 0) continue;
        const auto bars = each.waits.bars();
        chart_line line{name, {}};
        for (int step = 0; step <= steps; ++step) {
            std::uint64_t within = 0;
            for (const auto& bar : bars) within += bar.from <= longest * step / steps ? bar.count : 0;
            line.values.push_back(static_cast<double>(within) / static_cast<double>(each.waits.count()) * 100);
        }
        lines.push_back(std::move(line));
    }
    return lines.empty() ? std::string() : line_chart("Waited at most so long", marks, lines, "%");
}

std::string hours_charts(const outcome& found) {
    std::vector<std::string> marks;
    chart_line came{"contacts", {}};
    chart_line waited{"mean wait", {}};
    for (std::size_t hour = 0; hour < found.by_hour.size(); ++hour) {
        const auto& each = found.by_hour[hour];
        marks.push_back(std::to_string(hour));
        came.values.push_back(static_cast<double>(each.arrived));
        waited.values.push_back(each.arrived == 0 ? 0 : each.wait_sum / static_cast<double>(each.arrived) / 1'000);
    }
    return line_chart("Contacts by the hour of day they came", marks, {came}, "") +
           line_chart("Mean wait by the hour of day they came", marks, {waited}, "s");
}

}  // namespace

std::string to_html(const report& told, std::string_view title) {
    const auto& found = told.found;
    std::string body = "<p>" + escape_markup(summary_of(told)) + "</p>\n" + table("queue", found.queues) +
                       remarks(found) + bars_of_waits("Mean wait by queue", found.queues);
    std::vector<chart_bar> occupancies;
    for (const auto& [name, each] : found.queues)
        occupancies.push_back({name, each.occupancy.mean, share_text(each.occupancy)});
    body += bar_chart("Occupancy of the queue's agents", occupancies) + waits_chart(found.queues) + hours_charts(found);
    for (const auto& [dimension, groups] : found.segments)
        body += table(dimension, groups) + bars_of_waits("Mean wait by " + dimension, groups);
    body += table("stage", found.stages) + bars_of_waits("Mean wait by stage", found.stages);
    return page(title, body);
}

std::string to_html(const sweep_report& told, std::string_view title) {
    std::vector<std::string> marks;
    std::map<std::string, chart_line> waits;
    std::map<std::string, chart_line> levels;
    std::map<std::string, chart_line> occupancies;
    std::map<std::string, std::string> tables;
    for (const auto& run : told.runs) {
        marks.push_back(std::to_string(run.agents));
        for (const auto& [name, of] : run.told.found.queues) {
            auto& rows = tables[name];
            if (rows.empty()) rows = heading("agents", of);
            rows += row(std::to_string(run.agents), of);
            waits.try_emplace(name, chart_line{name, {}}).first->second.values.push_back(of.mean_wait.mean / 1'000);
            occupancies.try_emplace(name, chart_line{name, {}}).first->second.values.push_back(of.occupancy.mean * 100);
            for (const auto& [within, share] : of.service_level) {
                const auto label = name + " within " + kindred::to_text(within);
                levels.try_emplace(label, chart_line{label, {}}).first->second.values.push_back(share.mean * 100);
            }
        }
    }
    const auto all = [](const std::map<std::string, chart_line>& named) {
        std::vector<chart_line> lines;
        for (const auto& [name, line] : named) lines.push_back(line);
        return lines;
    };
    std::string body = told.goal ? "<p>" + escape_markup(to_text(*told.goal)) + "</p>\n" : "";
    body += line_chart("Service level by number of agents", marks, all(levels), "%") +
            line_chart("Mean wait by number of agents", marks, all(waits), "s") +
            line_chart("Occupancy by number of agents", marks, all(occupancies), "%");
    for (const auto& [name, rows] : tables)
        body += "<h2>" + escape_markup(name) + "</h2>\n<table>\n" + rows + "</table>\n";
    return page(title, body);
}

}  // namespace kindred::simulation
