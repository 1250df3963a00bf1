#include "engine/simulation/reports.hpp"

#include "engine/base/json.hpp"

#include <cmath>

namespace kindred::simulation {
namespace {

constexpr double a_second = 1'000;  // milliseconds

void write_number(json::writer& out, std::string_view name, double value) {
    out.key(name);
    if (std::isfinite(value))
        out.value(value);
    else
        out.null();
}

void write_levels(json::writer& out, const figures& of, double estimate::*part) {
    out.key("service_level").begin_object();
    for (const auto& [within, share] : of.service_level) write_number(out, kindred::to_text(within), share.*part);
    out.end_object();
}

void write_means(json::writer& out, const figures& of, double estimate::*part) {
    write_number(out, "waited_share", of.waited_share.*part);
    write_number(out, "mean_wait_s", of.mean_wait.*part / a_second);
    write_levels(out, of, part);
    write_number(out, "abandoned_share", of.abandoned_share.*part);
    write_number(out, "occupancy", of.occupancy.*part);
}

void write_figures(json::writer& out, const figures& of) {
    out.begin_object().member("arrived", of.arrived);
    write_means(out, of, &estimate::mean);
    out.key("wait_s").begin_object();
    write_number(out, "p50", of.p50 / a_second);
    write_number(out, "p95", of.p95 / a_second);
    write_number(out, "p99", of.p99 / a_second);
    out.end_object();
    out.member("refused", of.refused).member("unserved", of.unserved);
    out.member("offers_declined", of.declined).member("offers_missed", of.missed);
    out.key("half_width").begin_object();
    write_means(out, of, &estimate::half_width);
    out.end_object().end_object();
}

void write_groups(json::writer& out, std::string_view name, const std::map<std::string, figures>& groups) {
    out.key(name).begin_object();
    for (const auto& [each, of] : groups) {
        out.key(each);
        write_figures(out, of);
    }
    out.end_object();
}

void write_report(json::writer& out, const report& told) {
    const auto& found = told.found;
    out.member("seed", told.seed).member("contacts", told.contacts);
    out.member("measured_hours", static_cast<double>(found.measured.count()) / 3'600'000);
    out.member("line_grows", found.grows).member("precise", told.precise);
    write_number(out, "widest_half_width", told.widest);
    write_groups(out, "queues", found.queues);
    out.key("segments").begin_object();
    for (const auto& [dimension, groups] : found.segments) write_groups(out, dimension, groups);
    out.end_object();
    write_groups(out, "stages", found.stages);
    out.key("escalated").begin_object();
    for (const auto& [name, count] : found.escalated) out.member(name, count);
    out.end_object();
    out.key("by_hour").begin_array();
    for (const auto& each : found.by_hour) {
        out.begin_object().member("arrived", each.arrived);
        write_number(out, "mean_wait_s",
                     each.arrived == 0 ? 0 : each.wait_sum / static_cast<double>(each.arrived) / a_second);
        out.end_object();
    }
    out.end_array();
}

}  // namespace

std::string to_json(const report& told) {
    json::writer out;
    out.begin_object();
    write_report(out, told);
    return out.end_object().take();
}

std::string to_json(const sweep_report& told) {
    json::writer out;
    out.begin_object().key("runs").begin_array();
    for (const auto& each : told.runs) {
        out.begin_object().member("agents", each.agents);
        write_report(out, each.told);
        out.end_object();
    }
    out.end_array();
    if (told.goal) {
        out.key("goal").begin_object().member("share", told.goal->goal.share);
        out.member("within", kindred::to_text(told.goal->goal.within)).key("queues").begin_array();
        for (const auto& name : told.goal->queues) out.value(name);
        out.end_array().key("smallest");
        if (told.goal->smallest)
            out.value(*told.goal->smallest);
        else
            out.null();
        out.end_object();
    }
    return out.end_object().take();
}

}  // namespace kindred::simulation
