#include "engine/app/starting_rules.hpp"

#include "engine/runtime/rules/rules_switch.hpp"

namespace kindred::app {
namespace {

std::string folder_seen(const store::open_state& kept) {
    for (const auto& [name, value] : kept.settings)
        if (name == runtime::folder_setting) return value;
    return {};
}

}  // namespace

std::optional<rules::ruleset> active_before(const store::open_state& kept) {
    if (!kept.ruleset) return std::nullopt;
    auto files = rules::unpack(kept.ruleset->files);
    return files ? rules::load(std::move(*files)).rules : std::nullopt;
}

starting_rules choose_starting_rules(compiled_rules& of, const store::open_state& kept) {
    auto read = of.of_folder();
    starting_rules made;
    made.problems = std::move(read.problems);
    made.folder_refused = !read.rules;
    if (read.rules) made.folder = read.rules->hash();
    if ((!read.rules || made.folder == folder_seen(kept)) && kept.ruleset) made.rules = of.of_row(*kept.ruleset);
    if (!made.rules) made.rules = std::move(read.rules);
    return made;
}

}  // namespace kindred::app
