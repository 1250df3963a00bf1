#include "engine/rules/diff.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

std::string value_text(const fact_value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* span = std::get_if<duration>(&value)) return kindred::to_text(*span);
    if (const auto* at = std::get_if<time_point>(&value)) return to_rfc3339(*at);
    json::writer out;
    write_json(out, value);
    return out.take();
}

std::string_view name_of(changed_definition::kind what) {
    switch (what) {
        case changed_definition::kind::added: return "added";
        case changed_definition::kind::removed: return "removed";
        case changed_definition::kind::changed: return "changed";
        case changed_definition::kind::moved: return "moved";
    }
    return "";
}

void append_definition(std::string& out, const changed_definition& each) {
    out += "  " + each.of + " \"" + each.name + "\" " + std::string(name_of(each.what));
    if (each.of == "route" && !each.matters) out += " (no sampled contact notices)";
    out += '\n';
    for (const auto& key : each.keys) {
        const auto shown = [](const std::string& text) { return text.empty() ? std::string("nothing") : text; };
        out += "    " + key.key + ": " + shown(key.before) + " -> " + shown(key.after) + '\n';
    }
}

std::string joined(const std::vector<std::string>& parts) {
    std::string all;
    for (const auto& each : parts) all += (all.empty() ? "" : ", ") + each;
    return all;
}

void append_treatment(std::string& out, const changed_treatment& each) {
    out += "  " + each.before.queue + " -> " + each.after.queue + "  (route " + each.before.route;
    if (each.after.route != each.before.route) out += " -> " + each.after.route;
    out += "; differs: " + joined(each.differs) + ")\n";
    for (const auto& example : each.examples) out += "    e.g. " + to_text(example) + '\n';
}

void write_destination(json::writer& out, std::string_view key, const destination& to) {
    out.key(key).begin_object().member("route", to.route).member("queue", to.queue).end_object();
}

void write_definition(json::writer& out, const changed_definition& each) {
    out.begin_object().member("of", each.of).member("name", each.name).member("change", name_of(each.what));
    if (each.of == "route") out.member("matters", each.matters);
    out.key("keys").begin_array();
    for (const auto& key : each.keys)
        out.begin_object().member("key", key.key).member("before", key.before).member("after", key.after).end_object();
    out.end_array().end_object();
}

void write_treatment(json::writer& out, const changed_treatment& each) {
    out.begin_object();
    write_destination(out, "before", each.before);
    write_destination(out, "after", each.after);
    out.key("differs").begin_array();
    for (const auto& what : each.differs) out.value(what);
    out.end_array().member("sampled", each.sampled).key("examples").begin_array();
    for (const auto& example : each.examples) {
        out.begin_object();
        for (const auto& [name, value] : example) {
            out.key(name);
            write_json(out, value);
        }
        out.end_object();
    }
    out.end_array().end_object();
}

}  // namespace

std::string to_text(const fact_assignment& facts) {
    std::string all;
    for (const auto& [name, value] : facts) all += (all.empty() ? "" : ", ") + name + ": " + value_text(value);
    return all.empty() ? "anything" : all;
}

std::string to_text(const ruleset_diff& found) {
    if (found.before == found.after) return "the files are the same\n";
    std::string out;
    if (found.definitions.empty())
        out += "nothing is defined otherwise\n";
    else
        out += "defined otherwise:\n";
    for (const auto& each : found.definitions) append_definition(out, each);
    const auto moving = std::count_if(found.treatments.begin(), found.treatments.end(),
                                      [](const auto& each) { return each.before.queue != each.after.queue; });
    const auto sampled = std::to_string(found.sampled) + " sampled contacts";
    if (found.treatments.empty()) return out + "all of " + sampled + " are treated as before\n";
    if (moving > 0) out += "go to another queue (of " + sampled + "):\n";
    for (const auto& each : found.treatments)
        if (each.before.queue != each.after.queue) append_treatment(out, each);
    if (static_cast<std::size_t>(moving) < found.treatments.size())
        out += "stay in their queue, treated otherwise (of " + sampled + "):\n";
    for (const auto& each : found.treatments)
        if (each.before.queue == each.after.queue) append_treatment(out, each);
    return out;
}

std::string to_json(const ruleset_diff& found) {
    json::writer out;
    out.begin_object().member("before", found.before).member("after", found.after);
    out.key("definitions").begin_array();
    for (const auto& each : found.definitions) write_definition(out, each);
    out.end_array().member("sampled", found.sampled).key("treatments").begin_array();
    for (const auto& each : found.treatments) write_treatment(out, each);
    return out.end_array().end_object().take();
}

}  // namespace kindred::rules
