#include "engine/base/json.hpp"
#include "engine/insight/segment_study.hpp"

#include <cstdio>

namespace kindred::insight {
namespace {

void write_effect(json::writer& out, const effect& of) {
    out.member("effect", of.size).member("low", of.low).member("high", of.high);
}

void write_group(json::writer& out, const group_profile& of, measure by) {
    out.begin_object().member("segment", of.name).member("customers", of.answers);
    if (by == measure::eta_squared)
        out.member("mean", of.mean).member("deviation", of.deviation);
    else
        out.member("commonest", of.commonest).member("share", of.share);
    out.member("alike", of.alike).end_object();
}

void write_pair(json::writer& out, const pair_comparison& of) {
    out.begin_object().member("first", of.first).member("second", of.second).member("p", of.adjusted_p);
    write_effect(out, of.differs);
    out.member("alike", of.alike).end_object();
}

void write_comparison(json::writer& out, const group_comparison& of) {
    out.begin_object().member("dimension", of.dimension).member("outcome", of.outcome);
    out.member("measure", name_of(of.of)).member("method", name_of(of.by)).member("customers", of.answers);
    out.member("statistic", of.test.statistic).member("p", of.test.p).member("adjusted_p", of.adjusted_p);
    write_effect(out, of.differs);
    out.member("power", of.power).member("more_needed", of.more_needed).key("segments").begin_array();
    for (const auto& each : of.groups) write_group(out, each, of.of);
    out.end_array().key("pairs").begin_array();
    for (const auto& each : of.pairs) write_pair(out, each);
    out.end_array().end_object();
}

template <class... Values>
std::string line(const char* format, Values... values) {
    char text[256];
    std::snprintf(text, sizeof text, format, values...);
    return text;
}

}  // namespace

std::string to_json(const segment_report& made) {
    json::writer out;
    out.begin_object().member("customers", made.customers).member("tickets", made.tickets).key("sizes").begin_array();
    for (const auto& each : made.sizes) {
        out.begin_object().member("dimension", each.dimension).member("segment", each.segment);
        out.member("customers", each.customers).end_object();
    }
    out.end_array().key("comparisons").begin_array();
    for (const auto& each : made.comparisons) write_comparison(out, each);
    out.end_array().key("findings").begin_array();
    for (const auto& each : made.findings) {
        out.begin_object().member("kind", name_of(each.kind)).member("dimension", each.dimension);
        out.key("segments").begin_array();
        for (const auto& group : each.groups) out.value(group);
        out.end_array().member_if("outcome", each.outcome).member_if("by", each.by).member("text", each.text);
        out.end_object();
    }
    return out.end_array().end_object().take();
}

std::string to_text(const segment_report& made) {
    std::string text =
        std::to_string(made.customers) + " customers with " + std::to_string(made.tickets) + " resolved tickets\n";
    if (!made.findings.empty()) text += '\n';
    for (const auto& each : made.findings) text += "* " + each.text + '\n';
    if (!made.comparisons.empty())
        text += "\n" + line("%-12s %-13s %9s  %-21s %9s %6s\n", "dimension", "outcome", "customers",
                            "effect (95 % interval)", "p", "power");
    for (const auto& each : made.comparisons)
        text += line("%-12.40s %-13.40s %9lld  %.3f (%.3f to %.3f) %9.2g %6.2f\n", each.dimension.c_str(),
                     each.outcome.c_str(), static_cast<long long>(each.answers), each.differs.size, each.differs.low,
                     each.differs.high, each.adjusted_p, each.power);
    return text;
}

}  // namespace kindred::insight
