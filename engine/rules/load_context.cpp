#include "engine/rules/load_context.hpp"

#include "engine/rules/file_shapes.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string refuse_escalation_facts(const conditions::fact_definition& fact) {
    if (fact.scope != conditions::fact_scope::escalation) return {};
    return fact.name + " can be asked for in escalations only";
}

}  // namespace

void load_context::for_each_file(file_kind kind, const std::function<void(settings::section&)>& read) {
    for (const auto& file : files.of(kind)) {
        if (file.root.kind == settings::node_kind::nothing) continue;
        auto top = settings::field(file.shown_path, "", &file.root, found, {1, 1}).shaped(shape_of(kind)).as_section();
        read(top);
        top.finish();
    }
}

conditions::parse_context load_context::conditions_where(
    std::function<std::string(const conditions::fact_definition&)> refuses) {
    const auto may_exist = [this](std::string_view fact) { return files.may_have_had(fact); };
    return {rules.catalog, rules.words, std::move(refuses), rules.conditions_count, rules.zone, may_exist};
}

conditions::parse_context load_context::ordinary_conditions() { return conditions_where(refuse_escalation_facts); }

const std::vector<std::string>& load_context::queue_names() {
    for (auto i = known_queues.size(); i < rules.queues.size(); ++i) known_queues.push_back(rules.queues[i].name);
    return known_queues;
}

const std::vector<std::string>& load_context::script_ids() {
    if (!known_scripts) known_scripts = rules.library.ids(knowledge::text_kind::script);
    return *known_scripts;
}

std::vector<std::string> load_context::priority_names() const {
    std::vector<std::string> names;
    for (const auto& each : rules.priorities) names.push_back(each.name);
    return names;
}

std::vector<std::string> load_context::calendar_names() const {
    std::vector<std::string> names;
    for (const auto& [name, calendar] : rules.calendars) names.push_back(name);
    return names;
}

bool is_language_code(std::string_view text) {
    const auto code = text.substr(0, text.find('-'));
    return code.size() >= 2 && code.size() <= 3 &&
           std::all_of(code.begin(), code.end(), [](char letter) { return letter >= 'a' && letter <= 'z'; });
}

bool check_name(const settings::field& at, std::string_view what, const std::string& name,
                const std::vector<std::string>& known) {
    if (contains(known, name)) return true;
    // Where nothing of a kind could be read, the reason is reported already, once.
    if (known.empty() && at.found().has_errors()) return false;
    at.found().error(at.file(), at.at(),
                     "there is no " + std::string(what) + " \"" + name + '"' + settings::suggestion(name, known));
    return false;
}

std::string read_name(const settings::field& given, std::string_view what, const std::vector<std::string>& known) {
    auto name = given.text_not_empty();
    if (!name || !check_name(given, what, *name, known)) return {};
    return std::move(*name);
}

bool check_dimension(const settings::named_field& given, const compiled_rules& rules) {
    const auto known = rules.dimension_names();
    if (contains(known, given.key)) return true;
    const std::string name(given.key);
    given.value.found().error(given.value.file(), given.at,
                              "there is no dimension \"" + name + '"' + settings::suggestion(name, known));
    return false;
}

bool check_plain_name(const settings::field& at, settings::position where, std::string_view name) {
    const auto plain = [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
               byte == '-' || byte == '_' || byte >= 0x80;
    };
    if (!name.empty() && std::all_of(name.begin(), name.end(), plain)) return true;
    at.found().error(at.file(), where,
                     "\"" + std::string(name) + "\" is not fit for a name here: use letters, digits, - and _");
    return false;
}

namespace {

std::string with_article(std::string_view what) {
    const bool vowel = std::string_view("aeiou").find(what.front()) != std::string_view::npos;
    return (vowel ? "an " : "a ") + std::string(what);
}

}  // namespace

bool check_fresh_name(const settings::field& at, settings::position where, std::string_view what,
                      const std::string& name, const std::vector<std::string>& known) {
    if (!contains(known, name)) return true;
    at.found().error(at.file(), where, "there is " + with_article(what) + " \"" + name + "\" already");
    return false;
}

}  // namespace kindred::rules
