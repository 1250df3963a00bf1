#include "engine/rules/schema.hpp"

#include "engine/conditions/operand_reader.hpp"
#include "engine/knowledge/library.hpp"
#include "engine/rules/fact_readers.hpp"
#include "engine/rules/file_shapes.hpp"
#include "engine/rules/sources.hpp"
#include "engine/settings/json_schema.hpp"

#include <array>
#include <optional>
#include <utility>

namespace kindred::rules {
namespace {

using conditions::fact_definition;
using conditions::fact_scope;
using conditions::fact_type;

/// A mapping of conditions that some kind of file may hold, by the name under which shapes refer to it.
struct dialect {
    std::string_view name;
    bool ticket_facts = false;
    bool stage = true;
    std::vector<fact_definition> more;             ///< facts that only it has
    std::vector<settings::key_shape> more_keys{};  ///< keys that are no facts
};

std::vector<dialect> all_dialects() {
    std::vector<fact_definition> outcome;
    for (const char* name : {"route", "queue", "script"}) outcome.push_back({.name = name, .type = fact_type::choice});
    outcome.push_back({.name = "priority", .type = fact_type::ordered_choice});
    outcome.push_back({.name = "articles", .type = fact_type::text_list});
    auto language = settings::shapes::optional("language", settings::shapes::name().meaning("of the text itself"));
    return {{"condition", false, true, {}},
            {"condition_before_stage", false, false, {}},
            {"escalation_condition", true, true, {}},
            {"survey_condition", true, true, {{.name = std::string(disposition_fact), .type = fact_type::text}}},
            {"expectation", false, true, std::move(outcome)},
            {"fit", false, true, {}, {std::move(language)}}};
}

std::string in_pattern(std::string_view text) {
    std::string escaped;
    for (const char letter : text) escaped.append(letter == '.' ? "\\." : std::string(1, letter));
    return escaped;
}

constexpr std::array<std::pair<fact_type, std::string_view>, 10> type_definitions{{
    {fact_type::text, "of_text"},
    {fact_type::text_list, "of_texts"},
    {fact_type::choice, "of_names"},
    {fact_type::ordered_choice, "of_ordered_names"},
    {fact_type::integer, "of_integer"},
    {fact_type::number, "of_number"},
    {fact_type::yes_no, "of_yes_no"},
    {fact_type::duration, "of_duration"},
    {fact_type::time, "of_time"},
    {fact_type::date, "of_date"},
}};
constexpr std::string_view any_type_definition = "of_any_type";

void write_reference(json::writer& out, std::optional<fact_type> type) {
    std::string_view name = any_type_definition;
    for (const auto& [known, definition] : type_definitions)
        if (type == known) name = definition;
    out.begin_object().member("$ref", "#/definitions/" + std::string(name)).end_object();
}

void write_fact(json::writer& out, const fact_definition& fact) {
    out.key(fact.name);
    if (fact.names.empty())
        write_reference(out, fact.type);
    else
        settings::write_schema(out, conditions::asked_shape(fact));
}

/// What may be asked of a fact of each type; of the facts above those without names of their own refer to these.
void write_type_definitions(json::writer& out) {
    for (const auto& [type, definition] : type_definitions) {
        out.key(definition);
        settings::write_schema(out, conditions::asked_shape({.name = "", .type = type}));
    }
    out.key(any_type_definition);
    settings::write_schema(out, conditions::asked_shape_of_any_type());
}

void write_families(json::writer& out) {
    for (const auto& each : fact_families()) {
        out.key("^" + in_pattern(each.prefix) + ".+" + in_pattern(each.suffix) + "$");
        write_reference(out, each.type);
    }
    out.key("^segment\\..+$");
    write_reference(out, fact_type::choice);
}

void write_groups(json::writer& out, std::string_view dialect_name) {
    for (const char* group : {"all", "any", "none"}) {
        out.key(group).begin_object().member("type", "array").key("items").begin_object();
        out.member("$ref", "#/definitions/" + std::string(dialect_name)).end_object().end_object();
    }
}

void write_dialect(json::writer& out, const dialect& each) {
    out.key(each.name).begin_object().member("type", "object").key("properties").begin_object();
    write_groups(out, each.name);
    for (const auto& fact : facts_that_always_exist())
        if (each.ticket_facts || fact.scope != fact_scope::escalation) write_fact(out, fact);
    if (each.stage) write_fact(out, {.name = "stage", .type = fact_type::ordered_choice});
    for (const auto& fact : each.more) write_fact(out, fact);
    for (const auto& key : each.more_keys) {
        out.key(key.name);
        settings::write_schema(out, key.value);
    }
    out.end_object().key("patternProperties").begin_object();
    write_families(out);
    out.end_object().member("additionalProperties", false).end_object();
}

bool refers_to(const settings::shape& shape, std::string_view definition) {
    if (shape.kind == settings::shape_kind::condition) return shape.names.front() == definition;
    for (const auto& each : shape.of)
        if (refers_to(each, definition)) return true;
    for (const auto& each : shape.keys)
        if (refers_to(each.value, definition)) return true;
    return false;
}

file_schema schema_of(std::string kind, std::string describes, const settings::shape& shape) {
    const auto definitions = [&](json::writer& out) {
        bool any = false;
        for (const auto& each : all_dialects()) {
            if (!refers_to(shape, each.name)) continue;
            write_dialect(out, each);
            any = true;
        }
        if (any) write_type_definitions(out);
    };
    auto json = settings::json_schema(shape, "Kindred: " + describes, definitions);
    return {std::move(kind), std::move(describes), std::move(json)};
}

}  // namespace

std::vector<file_schema> file_schemas() {
    std::vector<file_schema> all;
    for (const auto kind : all_file_kinds()) {
        const std::string name(name_of(kind));
        auto describes = kind == file_kind::tests ? name + "/*.yaml" : name + ".yaml, " + name + "/*.yaml";
        all.push_back(schema_of(name, std::move(describes), shape_of(kind)));
    }
    using knowledge::text_kind;
    all.push_back(schema_of("script", "the head of scripts/**/*.md", knowledge::head_shape(text_kind::script)));
    all.push_back(schema_of("article", "the head of faq/**/*.md", knowledge::head_shape(text_kind::article)));
    all.push_back(schema_of("given", "one line of --contacts", given_shape()));
    all.push_back(schema_of("contact", "a contact", contact_shape()));
    all.push_back(schema_of("customer", "a customer", customer_shape()));
    return all;
}

}  // namespace kindred::rules
