#include "engine/settings/json_schema.hpp"

#include <cmath>

namespace kindred::settings {
namespace {

constexpr std::string_view duration_pattern = "^-?([0-9]+(ms|s|m|h|d|w))+$";
constexpr std::string_view positive_duration_pattern = "^([0-9]+(ms|s|m|h|d|w))+$";
constexpr std::string_view time_pattern =
    R"(^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})$|^-?[0-9]+$)";
constexpr std::string_view date_pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
constexpr std::string_view percent_pattern = R"(^\+?(100(\.0*)?|[0-9]{1,2}(\.[0-9]*)?|\.[0-9]+)%$)";
constexpr std::string_view integer_pattern = "^[+-]?[0-9]+$";
constexpr std::string_view number_pattern = R"(^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$)";
constexpr std::string_view yes_no_pattern = "^([Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$";
constexpr std::string_view says_something = "\\S";

/// A scalar that stays text for the reader, whatever YAML takes it for.
void write_text_types(json::writer& out) {
    out.key("type").begin_array().value("string").value("number").value("boolean").end_array();
}

void write_text(json::writer& out, std::string_view pattern) {
    write_text_types(out);
    if (!pattern.empty()) out.member("pattern", pattern);
}

/// A typed scalar, or a text that the reader takes for one.
void write_typed(json::writer& out, std::string_view type, std::string_view pattern, const shape& value) {
    out.key("anyOf").begin_array().begin_object().member("type", type);
    if (std::isfinite(value.least) && std::abs(value.least) < 1e15)
        out.member("minimum", static_cast<std::int64_t>(value.least));
    if (std::isfinite(value.most) && std::abs(value.most) < 1e15)
        out.member("maximum", static_cast<std::int64_t>(value.most));
    out.end_object().begin_object().member("type", "string").member("pattern", pattern).end_object().end_array();
}

void write_duration(json::writer& out, const shape& value) {
    out.key("anyOf").begin_array().begin_object().member("type", "string");
    out.member("pattern", value.least >= 0 ? positive_duration_pattern : duration_pattern).end_object();
    if (value.least <= 0) out.begin_object().key("enum").begin_array().value(0).value("0").end_array().end_object();
    out.end_array();
}

void write_time(json::writer& out) {
    out.key("anyOf").begin_array().begin_object().member("type", "integer").end_object();
    out.begin_object().member("type", "string").member("pattern", time_pattern).end_object().end_array();
}

void write_choice(json::writer& out, const shape& value) {
    out.key("enum").begin_array();
    for (const auto& each : value.names) out.value(each);
    out.end_array();
}

void write_list(json::writer& out, const shape& value) {
    out.member("type", "array").key("items");
    write_schema(out, value.of.front());
    if (value.least_count > 0) out.member("minItems", value.least_count);
    if (value.most_count > 0) out.member("maxItems", value.most_count);
}

void write_list_or_one(json::writer& out, const shape& value) {
    out.key("anyOf").begin_array().begin_object();
    write_list(out, value);
    out.end_object();
    write_schema(out, value.of.front());
    out.end_array();
}

void write_section(json::writer& out, const shape& value) {
    out.member("type", "object").key("properties").begin_object();
    for (const auto& each : value.keys) {
        out.key(each.name);
        write_schema(out, each.value);
    }
    out.end_object();
    bool any_required = false;
    for (const auto& each : value.keys) any_required = any_required || each.required;
    if (any_required) {
        out.key("required").begin_array();
        for (const auto& each : value.keys)
            if (each.required) out.value(each.name);
        out.end_array();
    }
    if (!value.open) out.member("additionalProperties", false);
    if (value.least_count > 0) out.member("minProperties", value.least_count);
}

void write_table(json::writer& out, const shape& value) {
    out.member("type", "object").key("additionalProperties");
    write_schema(out, value.of.front());
    if (!value.pattern.empty()) out.key("propertyNames").begin_object().member("pattern", value.pattern).end_object();
    if (value.least_count > 0) out.member("minProperties", value.least_count);
}

void write_forms(json::writer& out, const shape& value) {
    out.key("anyOf").begin_array();
    for (const auto& each : value.of) write_schema(out, each);
    out.end_array();
}

void write_kind(json::writer& out, const shape& value) {
    switch (value.kind) {
        case shape_kind::text: return write_text(out, value.pattern);
        case shape_kind::name: return write_text(out, value.pattern.empty() ? says_something : value.pattern);
        case shape_kind::yes_no: return write_typed(out, "boolean", yes_no_pattern, {});
        case shape_kind::integer: return write_typed(out, "integer", integer_pattern, value);
        case shape_kind::number: return write_typed(out, "number", number_pattern, value);
        case shape_kind::duration: return write_duration(out, value);
        case shape_kind::time: return write_time(out);
        case shape_kind::date: out.member("type", "string").member("pattern", date_pattern); return;
        case shape_kind::percent: out.member("type", "string").member("pattern", percent_pattern); return;
        case shape_kind::choice: return write_choice(out, value);
        case shape_kind::list: return value.or_one ? write_list_or_one(out, value) : write_list(out, value);
        case shape_kind::section: return write_section(out, value);
        case shape_kind::table: return write_table(out, value);
        case shape_kind::either: return write_forms(out, value);
        case shape_kind::condition:
            // Beside a $ref draft-07 passes over everything else.
            out.key("allOf").begin_array().begin_object();
            out.member("$ref", "#/definitions/" + value.names.front()).end_object().end_array();
            return;
        case shape_kind::anything: return;
    }
}

void write_body(json::writer& out, const shape& value) {
    if (!value.says.empty()) out.member("description", value.says);
    if (!value.or_nothing) return write_kind(out, value);
    out.key("anyOf").begin_array().begin_object().member("type", "null").end_object().begin_object();
    write_kind(out, value);
    out.end_object().end_array();
}

std::string indented(std::string_view json) {
    std::string out;
    std::size_t depth = 0;
    bool in_text = false;
    const auto new_line = [&] { out.append("\n").append(2 * depth, ' '); };
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char letter = json[i];
        if (in_text) {
            out += letter;
            if (letter == '\\') out += json[++i];
            if (letter == '"') in_text = false;
            continue;
        }
        const bool opens = letter == '{' || letter == '[';
        const bool closes = letter == '}' || letter == ']';
        if (closes && json[i - 1] != '{' && json[i - 1] != '[') {
            --depth;
            new_line();
        } else if (closes) {
            --depth;
        }
        out += letter;
        in_text = letter == '"';
        if (opens) ++depth;
        if (letter == ',' || (opens && json[i + 1] != '}' && json[i + 1] != ']')) new_line();
        if (letter == ':') out += ' ';
    }
    return out + '\n';
}

}  // namespace

void write_schema(json::writer& out, const shape& value) {
    out.begin_object();
    write_body(out, value);
    out.end_object();
}

std::string json_schema(const shape& file, std::string_view title, const definitions_writer& definitions) {
    json::writer out;
    out.begin_object().member("$schema", "http://json-schema.org/draft-07/schema#").member("title", title);
    write_body(out, file);
    if (definitions) {
        out.key("definitions").begin_object();
        definitions(out);
        out.end_object();
    }
    out.end_object();
    return indented(out.text());
}

}  // namespace kindred::settings
