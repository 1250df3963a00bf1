#include "engine/rules/decider.hpp"
#include "engine/rules/explanation.hpp"

namespace kindred::rules {
namespace {

void write_tried(json::writer& out, std::string_view name, const std::vector<tried_condition>& tried) {
    out.key(name).begin_array();
    for (const auto& each : tried) {
        out.begin_object().member("name", each.name).member("held", each.held);
        out.member_if("held_by", each.held_by).member_if("failed", each.failed).member_if("fact", each.fact);
        if (!each.actual.empty()) out.key("actual").raw(each.actual);
        out.member_if("note", each.note).member("file", each.file);
        out.member("line", each.at.line).member("column", each.at.column).end_object();
    }
    out.end_array();
}

void write_dimension(json::writer& out, const explained_dimension& each) {
    out.begin_object().member("dimension", each.dimension).member("chosen", each.chosen).member("pinned", each.pinned);
    write_tried(out, "tried", each.tried);
    out.end_object();
}

std::string line_of(const tried_condition& each) {
    std::string line = (each.held ? "  + " : "  - ") + each.name;
    if (!each.failed.empty()) line += ": " + each.failed;
    if (!each.held_by.empty()) line += ": " + each.held_by;
    if (!each.actual.empty())
        line += "; " + each.fact + (each.actual == "null" ? " is not known" : " is " + each.actual);
    if (!each.note.empty()) line += (each.failed.empty() && each.held_by.empty() ? ": " : "; ") + each.note;
    return line + "  (" + each.file + ':' + std::to_string(each.at.line) + ")\n";
}

std::string lines_of(const std::vector<tried_condition>& tried) {
    std::string lines;
    for (const auto& each : tried) lines += line_of(each);
    return lines;
}

std::string step_text(const step& each) {
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    for (const auto& skill : each.skills) add(skill.skill + " " + std::to_string(skill.level));
    if (each.language) add("speaks " + each.language->language + " " + std::to_string(each.language->level));
    if (text.empty()) text = "anyone in the queue";
    if (each.lasts) text += ", for " + kindred::to_text(*each.lasts);
    if (each.skip_if_nobody) text += ", skipped if nobody present can";
    return text;
}

/// A line for each fact: its value, where that is from, how old it is.
std::string facts_text(const std::string& facts) {
    std::string text = "facts\n";
    const auto parsed = json::document::parse(facts);
    if (!parsed) return text;
    parsed->root().for_each_member([&](std::string_view name, json::value fact) {
        if (!fact.is_object()) {
            text += "  and " + fact.to_text() + " more\n";
            return;
        }
        text += "  " + std::string(name) + " = " + fact["value"].to_text();
        const auto source = fact["source"].text();
        const auto age = fact["age"].text();
        if (!source.empty() || !age.empty()) text += "  (";
        text += source;
        if (!age.empty()) text += std::string(source.empty() ? "" : ", ") + std::string(age) + " ago";
        text += !source.empty() || !age.empty() ? ")\n" : "\n";
    });
    return text;
}

std::string outcome_text(const decision& made) {
    std::string text = "route " + made.route + " -> queue " + made.queue + ", priority " + made.priority +
                       " (head start " + kindred::to_text(made.head_start) + ")\n";
    for (std::size_t i = 0; i < made.steps.size(); ++i)
        text += "  step " + std::to_string(i + 1) + ": " + step_text(made.steps[i]) + '\n';
    const auto target = [&](const char* name, std::optional<duration> span) {
        if (span) text += std::string("  ") + name + " within " + kindred::to_text(*span) + '\n';
    };
    target("first response", made.first_response);
    target("next response", made.next_response);
    target("resolution", made.resolution);
    for (const auto& note : made.notes) text += "  note: " + note + '\n';
    return text;
}

}  // namespace

explanation explain(const ruleset& rules, const decision_input& input) {
    explanation why;
    why.made = decider(rules.compiled(), input, &why).decide();
    return why;
}

std::string to_json(const explanation& why) {
    json::writer out;
    out.begin_object().key("decision").raw(to_json(why.made));
    out.key("trace").begin_object().key("segments").begin_array();
    for (const auto& each : why.segments) write_dimension(out, each);
    out.end_array();
    if (!why.stage.chosen.empty()) {
        out.key("stage");
        write_dimension(out, why.stage);
    }
    write_tried(out, "routes", why.routes);
    write_tried(out, "scripts", why.scripts);
    write_tried(out, "articles", why.articles);
    out.end_object().end_object();
    return out.take();
}

std::string to_text(const explanation& why) {
    std::string text = outcome_text(why.made);
    for (const auto& each : why.segments)
        text += "segment " + each.dimension + ": " + each.chosen + '\n' + lines_of(each.tried);
    if (!why.stage.chosen.empty()) text += "stage: " + why.stage.chosen + '\n' + lines_of(why.stage.tried);
    text += "routes\n" + lines_of(why.routes);
    text += "script: " +
            (why.made.script ? why.made.script->id +
                                   (why.made.script->language.empty() ? "" : " (" + why.made.script->language + ")")
                             : std::string("none")) +
            '\n' + lines_of(why.scripts);
    text += "articles\n" + lines_of(why.articles);
    return text + facts_text(why.made.facts) + "ruleset " + why.made.ruleset + '\n';
}

}  // namespace kindred::rules
