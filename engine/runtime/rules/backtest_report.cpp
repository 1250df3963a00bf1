#include "engine/runtime/rules/rules_backtest.hpp"

#include "engine/base/json.hpp"

#include <set>

namespace kindred::runtime {
namespace {

std::string shown(const std::string& name) { return name.empty() ? "none" : name; }

std::string counts_text(const std::map<std::string, std::size_t>& counts) {
    std::string all;
    for (const auto& [name, count] : counts) all += (all.empty() ? "" : ", ") + name + " " + std::to_string(count);
    return all;
}

void append_flows(std::string& out, const char* title, const std::vector<rules::flow>& flows) {
    bool titled = false;
    for (const auto& each : flows) {
        if (each.from == each.to) continue;
        if (!titled) out += std::string(title) + '\n';
        titled = true;
        out += "  " + shown(each.from) + " -> " + shown(each.to) + ": " + std::to_string(each.contacts) + '\n';
        for (const auto& [dimension, counts] : each.segments)
            out += "    " + dimension + ": " + counts_text(counts) + '\n';
        if (!each.stages.empty()) out += "    stage: " + counts_text(each.stages) + '\n';
    }
}

std::string seconds_text(duration span) {
    return kindred::to_text(duration{std::chrono::round<std::chrono::seconds>(span)});
}

std::string waits_text(const simulated_waits& waits) {
    if (waits.arrived == 0) return "nobody";
    auto text = std::to_string(waits.arrived) + " arrived, mean " + seconds_text(waits.mean) + ", p95 " +
                seconds_text(waits.p95);
    if (waits.unserved > 0) text += ", " + std::to_string(waits.unserved) + " never served";
    if (waits.refused > 0) text += ", " + std::to_string(waits.refused) + " refused";
    return text;
}

std::set<std::string> queues_of(const backtest_report& report) {
    std::set<std::string> names;
    for (const auto& [name, waits] : *report.waits_before) names.insert(name);
    for (const auto& [name, waits] : *report.waits_after) names.insert(name);
    return names;
}

simulated_waits waits_of(const std::map<std::string, simulated_waits>& all, const std::string& queue) {
    const auto found = all.find(queue);
    return found == all.end() ? simulated_waits{} : found->second;
}

void write_counts(json::writer& out, const std::map<std::string, std::size_t>& counts) {
    out.begin_object();
    for (const auto& [name, count] : counts) out.member(name, count);
    out.end_object();
}

void write_flows(json::writer& out, std::string_view key, const std::vector<rules::flow>& flows) {
    out.key(key).begin_array();
    for (const auto& each : flows) {
        out.begin_object().member("from", each.from).member("to", each.to).member("contacts", each.contacts);
        out.key("segments").begin_object();
        for (const auto& [dimension, counts] : each.segments) {
            out.key(dimension);
            write_counts(out, counts);
        }
        out.end_object().key("stages");
        write_counts(out, each.stages);
        out.end_object();
    }
    out.end_array();
}

std::string articles_text(const answered_contacts& of) {
    if (!of.looked_for) return "none";
    auto text = std::to_string(of.answered);
    if (of.hold > duration{0}) text += ", not offered for " + kindred::to_text(of.hold);
    return text;
}

void write_articles(json::writer& out, std::string_view key, const answered_contacts& of) {
    out.key(key).begin_object().member("answered", of.answered);
    out.member("hold_s", std::chrono::duration<double>(of.hold).count()).end_object();
}

double seconds(duration span) { return std::chrono::duration<double>(span).count(); }

void write_waits(json::writer& out, std::string_view key, const std::map<std::string, simulated_waits>& all) {
    out.key(key).begin_object();
    for (const auto& [queue, waits] : all) {
        out.key(queue).begin_object().member("arrived", waits.arrived).member("refused", waits.refused);
        out.member("unserved", waits.unserved).member("mean_wait_s", seconds(waits.mean));
        out.key("wait_s").begin_object().member("p50", seconds(waits.p50)).member("p95", seconds(waits.p95));
        out.member("p99", seconds(waits.p99)).member("longest", seconds(waits.longest)).end_object().end_object();
    }
    out.end_object();
}

}  // namespace

std::string to_text(const backtest_report& report) {
    const auto& decisions = report.decisions;
    std::string out = std::to_string(decisions.contacts()) + " contacts, " + std::to_string(decisions.moved()) +
                      " would go to another queue\n";
    append_flows(out, "queues", decisions.queues());
    append_flows(out, "routes", decisions.routes());
    append_flows(out, "scripts", decisions.scripts());
    if (report.articles_before.looked_for || report.articles_after.looked_for)
        out += "answered by an article before an agent\n  before: " + articles_text(report.articles_before) +
               "\n  after:  " + articles_text(report.articles_after) + '\n';
    if (!report.waits_before) return out + "waiting: not simulated, for there is no roster (--people FILE)\n";
    out += "waiting, simulated with everybody of the roster present (" + std::to_string(report.handlings_recorded) +
           " handling times are recorded)\n";
    for (const auto& queue : queues_of(report)) {
        out += "  " + queue + "\n    before: " + waits_text(waits_of(*report.waits_before, queue));
        out += "\n    after:  " + waits_text(waits_of(*report.waits_after, queue)) + '\n';
    }
    return out;
}

std::string to_json(const backtest_report& report) {
    const auto& decisions = report.decisions;
    json::writer out;
    out.begin_object().member("before", report.before).member("after", report.after);
    out.member("contacts", decisions.contacts()).member("moved", decisions.moved());
    write_flows(out, "queues", decisions.queues());
    write_flows(out, "routes", decisions.routes());
    write_flows(out, "scripts", decisions.scripts());
    out.key("self_service").begin_object();
    write_articles(out, "before", report.articles_before);
    write_articles(out, "after", report.articles_after);
    out.end_object();
    out.member("handlings_recorded", report.handlings_recorded).key("waiting");
    if (!report.waits_before) return out.null().end_object().take();
    out.begin_object();
    write_waits(out, "before", *report.waits_before);
    write_waits(out, "after", *report.waits_after);
    return out.end_object().end_object().take();
}

}  // namespace kindred::runtime
