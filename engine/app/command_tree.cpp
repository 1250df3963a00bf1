#include "engine/app/command_tree.hpp"

#include "engine/base/text.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace kindred::app {
namespace {

/// The parser tells of a closed set of values by its type's name alone: "TEXT:{agent,admin}".
std::vector<std::string> choices_of(const CLI::Option& option) {
    const auto type = option.get_type_name();
    const auto open = type.find('{');
    const auto close = type.rfind('}');
    if (open == std::string::npos || close == std::string::npos || close < open) return {};
    std::vector<std::string> choices;
    for (const auto each : split(std::string_view(type).substr(open + 1, close - open - 1), ','))
        choices.emplace_back(each);
    return choices;
}

void read_options(const CLI::App& from, command_node& into) {
    for (const auto* option : from.get_options()) {
        // A group of options has the help of its command once more.
        const bool again = from.get_name().empty() && from.get_parent() != nullptr && option == from.get_help_ptr();
        if (again || option->get_group().empty()) continue;
        auto choices = choices_of(*option);
        if (option->get_positional()) {
            into.takes_arguments = true;
            std::move(choices.begin(), choices.end(), std::back_inserter(into.choices));
            continue;
        }
        command_option made;
        for (const auto& letter : option->get_snames()) made.names.push_back("-" + letter);
        for (const auto& word : option->get_lnames()) made.names.push_back("--" + word);
        made.says = option->get_description();
        made.takes_value = option->get_items_expected_max() > 0;
        made.choices = std::move(choices);
        into.options.push_back(std::move(made));
    }
}

/// A group of options is a nameless command to the parser.
std::vector<const CLI::App*> below(const CLI::App& of) {
    return of.get_subcommands([](const CLI::App*) { return true; });
}

}  // namespace

command_node tree_of(const CLI::App& program, const std::string& name) {
    command_node made;
    made.path = name;
    made.name = name;
    made.says = program.get_description();
    read_options(program, made);
    for (const auto* each : below(program)) {
        if (each->get_name().empty()) {
            read_options(*each, made);
        } else if (!each->get_group().empty()) {
            made.commands.push_back(tree_of(*each, name + ' ' + each->get_name()));
            made.commands.back().name = each->get_name();
        }
    }
    return made;
}

std::vector<const command_node*> flat(const command_node& root) {
    std::vector<const command_node*> all{&root};
    for (const auto& each : root.commands)
        for (const auto* below_it : flat(each)) all.push_back(below_it);
    return all;
}

}  // namespace kindred::app
