#include "engine/rules/decision.hpp"

#include "engine/base/json.hpp"

namespace kindred::rules {
namespace {

void write_step(json::writer& out, const step& each) {
    out.begin_object().key("require").begin_object();
    for (const auto& skill : each.skills) out.member(skill.skill, skill.level);
    out.end_object();
    if (each.language) {
        out.key("language").begin_object();
        out.member("language", each.language->language).member("level", each.language->level).end_object();
    }
    if (each.lasts) out.member("for", to_text(*each.lasts));
    if (each.skip_if_nobody) out.member("skip_if_nobody", true);
    out.end_object();
}

void write_text(json::writer& out, const chosen_text& text) {
    out.begin_object().member("id", text.id).member_if("language", text.language).end_object();
}

void write_span(json::writer& out, std::string_view name, std::optional<duration> span) {
    if (span) out.member(name, to_text(*span));
}

}  // namespace

std::string_view decision::segment_of(std::string_view dimension) const {
    for (const auto& each : segments)
        if (each.dimension == dimension) return each.segment;
    return {};
}

std::string to_json(const decision& made) {
    json::writer out;
    out.begin_object().member("route", made.route).member("queue", made.queue).member("priority", made.priority);
    out.member("head_start", to_text(made.head_start));
    write_span(out, "first_response", made.first_response);
    write_span(out, "next_response", made.next_response);
    write_span(out, "resolution", made.resolution);
    out.key("steps").begin_array();
    for (const auto& each : made.steps) write_step(out, each);
    out.end_array().key("script");
    if (made.script)
        write_text(out, *made.script);
    else
        out.null();
    out.key("articles").begin_array();
    for (const auto& each : made.articles) write_text(out, each);
    out.end_array().key("segments").begin_object();
    for (const auto& each : made.segments) out.member(each.dimension, each.segment);
    out.end_object();
    if (!made.stage.empty()) out.member("stage", made.stage);
    out.key("pinned").begin_array();
    for (const auto& each : made.segments)
        if (each.pinned) out.value(each.dimension);
    if (made.stage_pinned) out.value("stage");
    out.end_array().member("ruleset", made.ruleset).key("facts").raw(made.facts.empty() ? "{}" : made.facts);
    out.key("notes").begin_array();
    for (const auto& each : made.notes) out.value(each);
    out.end_array().end_object();
    return out.take();
}

}  // namespace kindred::rules
