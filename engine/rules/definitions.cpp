#include "engine/rules/definitions.hpp"

#include "engine/base/digest.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/surveys.hpp"

#include <algorithm>
#include <array>

namespace kindred::rules {
namespace {

using keys = std::map<std::string, std::string>;

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    std::string all;
    for (const auto& each : parts) all.append(all.empty() ? "" : separator).append(each);
    return all;
}

void put(keys& into, const std::string& key, std::string text) {
    if (!text.empty()) into.emplace(key, std::move(text));
}

void put(keys& into, const std::string& key, std::optional<duration> span) {
    if (span) into.emplace(key, to_text(*span));
}

std::string percent_text(double percent) {
    json::writer out;
    return out.value(percent).take() + "%";
}

std::string value_text(const fact_value& value) {
    json::writer out;
    write_json(out, value);
    return out.take();
}

std::string step_text(const step_definition& each) {
    std::vector<std::string> parts;
    for (const auto& skill : each.asks.skills) parts.push_back(skill.skill + " " + std::to_string(skill.level));
    std::sort(parts.begin(), parts.end());
    if (each.language_level) parts.push_back("contact.language " + std::to_string(*each.language_level));
    if (parts.empty()) parts.emplace_back("anyone");
    auto text = joined(parts, ", ");
    if (each.asks.lasts) text += " for " + to_text(*each.asks.lasts);
    if (each.asks.skip_if_nobody) text += " (skipped if nobody)";
    return text;
}

std::string steps_text(const std::vector<step_definition>& steps) {
    std::vector<std::string> texts;
    for (const auto& each : steps) texts.push_back(step_text(each));
    return joined(texts, "; then ");
}

definition define(const route_definition& route) {
    definition made{"route", route.name, {}};
    if (!conditions::always_holds(route.when)) put(made.keys, "when", written_form(route.when));
    if (route.share) put(made.keys, "share", percent_text(*route.share));
    put(made.keys, "queue", route.queue);
    put(made.keys, "priority", route.priority);
    put(made.keys, "first_response", route.first_response);
    put(made.keys, "next_response", route.next_response);
    put(made.keys, "resolution", route.resolution);
    put(made.keys, "steps", steps_text(route.steps));
    put(made.keys, "script", route.script);
    return made;
}

void put_closed(definition& into, const std::string& name, const when_closed_settings& closed) {
    put(into.keys, name + " reply", closed.reply);
    if (!closed.hold) put(into.keys, name + " hold", "no");
    if (closed.call_back) put(into.keys, name + " call_back", "yes");
    put(into.keys, name + " overflow", closed.overflow);
}

void put_kinds(definition& into, const std::string& what,
               const std::map<channel_kind, std::vector<channel_kind>>& rules) {
    for (const auto& [kind, others] : rules) {
        std::vector<std::string> names;
        for (const auto other : others) names.emplace_back(name_of(other));
        put(into.keys, std::string(name_of(kind)) + " " + what, joined(names, ", "));
    }
}

definition define(const queue_settings& queue) {
    definition made{"queue", queue.name, {}};
    put(made.keys, "calendar", queue.calendar);
    put(made.keys, "order", std::string(name_of(queue.order)));
    put(made.keys, "choose", std::string(name_of(queue.choose)));
    put(made.keys, "offer",
        "to " + std::to_string(queue.offer.to) + ", expires " + to_text(queue.offer.expires) + ", after_decline " +
            to_text(queue.offer.after_decline));
    if (queue.prefer) {
        const bool owner = queue.prefer->of == agent_preference::whom::owner;
        put(made.keys, owner ? "prefer owner" : "prefer last_agent", to_text(queue.prefer->lasts));
    }
    std::vector<std::string> wrap_ups;
    for (const auto& [kind, span] : queue.wrap_up) wrap_ups.push_back(std::string(name_of(kind)) + " " + to_text(span));
    put(made.keys, "wrap_up", joined(wrap_ups, ", "));
    if (queue.limit) put(made.keys, "limit", std::to_string(*queue.limit));
    put(made.keys, "overflow", queue.overflow);
    put_closed(made, "when_closed", queue.when_closed);
    if (queue.when_holiday) {
        put(made.keys, "when_holiday", std::string("yes"));
        put_closed(made, "when_holiday", *queue.when_holiday);
    }
    if (queue.borrow.from.empty()) return made;
    put(made.keys, "borrow",
        "from " + joined(queue.borrow.from, ", ") + ", above " + to_text(queue.borrow.above) + ", below " +
            to_text(queue.borrow.below));
    return made;
}

definition define(const escalation_definition& escalation) {
    definition made{"escalation", escalation.name, {}};
    put(made.keys, "when", written_form(escalation.when));
    put(made.keys, "priority", escalation.priority);
    put(made.keys, "also_offer", escalation.also_offer);
    put(made.keys, "notify", joined(escalation.notify, ", "));
    return made;
}

std::string said_text(const translations& says) {
    std::vector<std::string> parts;
    for (const auto& [language, text] : says) parts.push_back(language.empty() ? text : language + ": " + text);
    return joined(parts, " / ");
}

std::string question_text(const survey_question& question) {
    auto text = question.name + " (" + std::string(name_of(question.kind)) + "): " + said_text(question.says);
    for (const auto& each : question.options) text += " [" + each.name + ": " + said_text(each.says) + "]";
    return text;
}

definition define(const survey_definition& survey) {
    definition made{"survey", survey.name, {}};
    put(made.keys, "when", written_form(survey.when));
    std::vector<std::string> questions;
    for (const auto& each : survey.questions) questions.push_back(question_text(each));
    put(made.keys, "questions", joined(questions, " | "));
    put(made.keys, "invitation", said_text(survey.invitation));
    put(made.keys, "share", percent_text(survey.share));
    for (const auto& each : survey.shares)
        for (const auto& [segment, percent] : each.percent)
            put(made.keys, "shares." + each.dimension + "." + segment, percent_text(percent));
    put(made.keys, "seed", std::to_string(survey.seed));
    put(made.keys, "at_most_every", survey.at_most_every);
    put(made.keys, "expires", std::optional(survey.expires));
    return made;
}

std::string text_digest(const knowledge::text_template& body, const conditions::fact_catalog& catalog) {
    std::string all;
    for (const auto& part : body.parts()) {
        all += part.text;
        all += '\0';
        if (part.fact) all += catalog[*part.fact].name + '\1';
    }
    const auto digest = sha256(all);
    return to_hex({reinterpret_cast<const char*>(digest.data()), 6});
}

definition define(const macro_definition& macro, const conditions::fact_catalog& catalog) {
    definition made{"macro", macro.name, {}};
    if (!conditions::always_holds(macro.when)) put(made.keys, "when", written_form(macro.when));
    if (!macro.reply.parts().empty()) put(made.keys, "reply", text_digest(macro.reply, catalog));
    if (!macro.note.parts().empty()) put(made.keys, "note", text_digest(macro.note, catalog));
    put(made.keys, "queue", macro.queue);
    put(made.keys, "snooze", macro.snooze);
    if (macro.disposition) put(made.keys, "resolve", '"' + *macro.disposition + '"');
    return made;
}

definition define(const knowledge::entry& text, const conditions::fact_catalog& catalog) {
    definition made{std::string(knowledge::name_of(text.kind)), text.id, {}};
    if (!text.language.empty()) made.name += " (" + text.language + ")";
    put(made.keys, "title", text.title);
    if (!conditions::always_holds(text.fits)) put(made.keys, "for", written_form(text.fits));
    put(made.keys, "questions", joined(text.questions, " | "));
    put(made.keys, "text", text_digest(text.body, catalog));
    return made;
}

void define_segments(const compiled_rules& rules, std::vector<definition>& into) {
    for (const auto& dimension : rules.dimensions) {
        definition whole{"dimension", dimension.name, {}};
        put(whole.keys, "kind", dimension.kind);
        std::vector<std::string> names;
        for (const auto& group : dimension.groups) names.push_back(group.name);
        put(whole.keys, "groups", joined(names, ", "));
        into.push_back(std::move(whole));
        for (const auto& group : dimension.groups) {
            definition made{"segment", dimension.name + "." + group.name, {}};
            if (!conditions::always_holds(group.when)) put(made.keys, "when", written_form(group.when));
            into.push_back(std::move(made));
        }
    }
}

void define_stages(const compiled_rules& rules, std::vector<definition>& into) {
    std::vector<std::string> names;
    for (const auto& each : rules.stages) names.push_back(each.name);
    if (!names.empty()) into.push_back({"funnel", "stages", {{"order", joined(names, ", ")}}});
    for (const auto& each : rules.stages) {
        definition made{"stage", each.name, {}};
        if (!conditions::always_holds(each.when)) put(made.keys, "when", written_form(each.when));
        into.push_back(std::move(made));
    }
}

void define_attributes(const char* kind, const attribute_schema& schema, std::vector<definition>& into) {
    for (const auto& each : schema.attributes) {
        definition made{kind, each.name, {{"type", std::string(conditions::name_of(each.type))}}};
        if (!std::holds_alternative<std::monostate>(each.fallback))
            put(made.keys, "default", value_text(each.fallback));
        into.push_back(std::move(made));
    }
}

std::string change_text(const attribute_change& change) {
    constexpr std::array words{"", "add ", "set ", "set_once ", "clear "};
    std::string text = words[static_cast<std::size_t>(change.what)] + change.attribute;
    if (const auto* member = std::get_if<std::string>(&change.from)) return text + " from $" + *member;
    const auto& value = std::get<fact_value>(change.from);
    return std::holds_alternative<std::monostate>(value) ? text : text + " " + value_text(value);
}

definition define(const self_service_settings& given) {
    definition made{"self-service", "self-service", {}};
    put(made.keys, "faq", given.faq ? "yes" : "no");
    if (!given.confidence) return made;
    std::vector<std::string> channels;
    for (const auto kind : given.channels) channels.emplace_back(name_of(kind));
    put(made.keys, "confidence", json::writer().value(*given.confidence).take());
    put(made.keys, "channels", joined(channels, ", "));
    for (const auto& [dimension, names] : given.exclude) put(made.keys, "exclude." + dimension, joined(names, ", "));
    if (given.exclude_when) put(made.keys, "exclude.when", written_form(*given.exclude_when));
    put(made.keys, "hold", to_text(given.hold));
    return made;
}

void define_site(const compiled_rules& rules, std::vector<definition>& into) {
    definition site{"site", "site", {}};
    put(site.keys, "timezone", rules.site.time_zone);
    put(site.keys, "languages", joined(rules.site.languages, ", "));
    put(site.keys, "default_language", rules.site.default_language);
    put(site.keys, "default_priority", rules.default_priority);
    for (const auto& [kind, cost] : rules.costs)
        site.keys.emplace("cost of " + std::string(name_of(kind)), std::to_string(cost));
    put_kinds(site, "pauses", rules.work.pauses);
    put_kinds(site, "interrupts", rules.work.interrupts);
    put(site.keys, "not_responding_for", rules.work.not_responding_for);
    put(site.keys, "longest_wrap_up", to_text(rules.work.longest_wrap_up));
    put(site.keys, "dispositions", joined(rules.work.dispositions, ", "));
    into.push_back(std::move(site));
    for (const auto& each : rules.priorities)
        into.push_back({"priority", each.name, {{"head_start", to_text(each.head_start)}}});
    for (const auto& each : rules.skills) into.push_back({"skill", each, {}});
    for (const auto& each : rules.events) {
        std::vector<std::string> changes;
        for (const auto& change : each.changes) changes.push_back(change_text(change));
        into.push_back({"event", each.name, {{"does", joined(changes, ", ")}}});
    }
}

}  // namespace

std::string written_form(const conditions::condition& asked) {
    if (const auto* test = std::get_if<conditions::fact_test>(&asked.what)) return test->as_written;
    const auto& group = std::get<conditions::condition_group>(asked.what);
    std::vector<std::string> members;
    for (const auto& each : group.members) members.push_back(written_form(each));
    std::sort(members.begin(), members.end());
    constexpr std::array words{"", "all", "any", "none"};
    return std::string(words[static_cast<std::size_t>(group.kind)]) + "(" + joined(members, ", ") + ")";
}

std::vector<definition> definitions_of(const ruleset& rules) {
    const auto& all = rules.compiled();
    std::vector<definition> made;
    for (const auto& each : all.routes) made.push_back(define(each));
    define_segments(all, made);
    define_stages(all, made);
    for (const auto& each : all.queues) made.push_back(define(each));
    for (const auto& each : all.escalations) made.push_back(define(each));
    for (const auto& [name, calendar] : all.calendars)
        made.push_back({"calendar", name, {{"timezone", calendar.zone().name()}}});
    for (const auto& each : all.library.entries()) made.push_back(define(each, all.catalog));
    for (const auto& each : all.surveys) made.push_back(define(each));
    for (const auto& each : all.macros) made.push_back(define(each, all.catalog));
    define_attributes("customer attribute", all.customer_attributes, made);
    define_attributes("contact attribute", all.contact_attributes, made);
    define_site(all, made);
    if (all.self_service.confidence || !all.self_service.faq) made.push_back(define(all.self_service));
    return made;
}

}  // namespace kindred::rules
