#include "engine/app/command_line.hpp"

#include "engine/base/text.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>

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
        if (again) continue;
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

command_node tree_of(const CLI::App& program, const std::string& name) {
    command_node made;
    made.path = name;
    made.name = name;
    made.says = program.get_description();
    read_options(program, made);
    for (const auto* each : below(program)) {
        if (each->get_name().empty()) {
            read_options(*each, made);
        } else {
            made.commands.push_back(tree_of(*each, name + ' ' + each->get_name()));
            made.commands.back().name = each->get_name();
        }
    }
    return made;
}

}  // namespace

const argument& argument::required() const {
    of_->required();
    return *this;
}

const argument& argument::one_of(const std::vector<std::string>& values) const {
    of_->check(CLI::IsMember(values));
    return *this;
}

const argument& argument::usually(const std::vector<std::string>& values) const {
    std::string offered;
    for (const auto& each : values) offered += (offered.empty() ? "" : ",") + each;
    of_->type_name("TEXT:{" + offered + "}");
    return *this;
}

const argument& argument::check(const std::function<std::string(const std::string&)>& fault_of) const {
    of_->check(fault_of);
    return *this;
}

const argument& argument::shows_default() const {
    of_->capture_default_str();
    return *this;
}

command command::add_command(const std::string& name, const std::string& says) const {
    return {of_->add_subcommand(name, says), exit_code_};
}

void command::wants_command() const { of_->require_subcommand(1); }

command command::exactly_one(const std::string& name) const {
    auto* group = of_->add_option_group(name);
    group->require_option(1);
    return {group, exit_code_};
}

template <class Value>
argument command::option(const std::string& name, Value& into, const std::string& says) const {
    return argument(of_->add_option(name, into, says));
}

// What commands take: a type that is missing here does not link.
template argument command::option(const std::string&, std::string&, const std::string&) const;
template argument command::option(const std::string&, std::optional<std::string>&, const std::string&) const;
template argument command::option(const std::string&, std::vector<std::string>&, const std::string&) const;
template argument command::option(const std::string&, unsigned&, const std::string&) const;
template argument command::option(const std::string&, double&, const std::string&) const;
template argument command::option(const std::string&, std::size_t&, const std::string&) const;
template argument command::option(const std::string&, std::optional<long>&, const std::string&) const;
template argument command::option(const std::string&, std::optional<double>&, const std::string&) const;
template argument command::option(const std::string&, std::optional<std::uint64_t>&, const std::string&) const;

argument command::flag(const std::string& name, bool& into, const std::string& says) const {
    return argument(of_->add_flag(name, into, says));
}

void command::runs(std::function<int()> work) const {
    of_->callback([work = std::move(work), exit_code = exit_code_] { *exit_code = work(); });
}

command_node command::tree(const std::string& name) const { return tree_of(*of_, name); }

command_line::command_line(const std::string& says) : parser_(std::make_unique<CLI::App>(says)) {
    parser_->require_subcommand(1);
}

command_line::~command_line() = default;

int command_line::run(int argc, const char* const* argv) {
    constexpr int wrong_arguments = 2;
    try {
        parser_->parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        return parser_->exit(wrong) == 0 ? 0 : wrong_arguments;
    }
    return exit_code_;
}

}  // namespace kindred::app
