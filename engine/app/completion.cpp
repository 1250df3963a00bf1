#include "engine/app/completion.hpp"

#include <iostream>
#include <memory>
#include <set>

namespace kindred::app {
namespace {

/// As one word of any of the three shells.
std::string one_word(const std::string& text) {
    std::string made = "'";
    for (const char each : text) {
        if (each == '\'')
            made += "'\\''";
        else
            made += each;
    }
    return made + "'";
}

std::string joined(const std::vector<std::string>& words) {
    std::string made;
    for (const auto& each : words) made += (made.empty() ? "" : " ") + each;
    return made;
}

std::vector<std::string> names_of(const std::vector<command_node>& commands) {
    std::vector<std::string> names;
    for (const auto& each : commands) names.push_back(each.name);
    return names;
}

/// "'kindred user add --role'|'kindred user add --queue'": patterns of a case, for options that take a value.
std::string option_patterns(const command_node& command, const command_option& option) {
    std::string made;
    for (const auto& name : option.names) made += (made.empty() ? "" : "|") + one_word(command.path + ' ' + name);
    return made;
}

/// Functions that bash and zsh read alike. What each prints is a list of words.
std::string shared_tables(const command_node& program) {
    std::string commands;
    std::string options;
    std::string valued;
    std::string values;
    for (const auto* each : flat(program)) {
        auto words = joined(names_of(each->commands));
        if (words.empty()) words = joined(each->choices);
        if (!words.empty()) commands += "        " + one_word(each->path) + ") echo " + one_word(words) + " ;;\n";
        std::vector<std::string> names;
        for (const auto& option : each->options) {
            names.insert(names.end(), option.names.begin(), option.names.end());
            if (!option.takes_value) continue;
            const auto patterns = option_patterns(*each, option);
            valued += "        " + patterns + ") return 0 ;;\n";
            if (!option.choices.empty())
                values += "        " + patterns + ") echo " + one_word(joined(option.choices)) + " ;;\n";
        }
        if (!names.empty())
            options += "        " + one_word(each->path) + ") echo " + one_word(joined(names)) + " ;;\n";
    }
    const auto function = [&](const char* name, const std::string& rows, const char* otherwise) {
        return "_" + program.name + "_" + name + "() {\n    case \"$1\" in\n" + rows + "        *) " + otherwise +
               " ;;\n    esac\n}\n";
    };
    return function("commands", commands, ":") + function("options", options, ":") +
           function("takes_value", valued, "return 1") + function("values", values, ":");
}

/// `template_text` with the program's name for NAME.
std::string filled(std::string template_text, const std::string& name) {
    for (auto at = template_text.find("NAME"); at != std::string::npos; at = template_text.find("NAME", at))
        template_text.replace(at, 4, name);
    return template_text;
}

/// Each finds the command that the words before the cursor lead to, passing over the values of options.
constexpr const char* bash_function = R"sh(
_NAME() {
    local cur="${COMP_WORDS[COMP_CWORD]}" path=NAME option= word words i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word="${COMP_WORDS[i]}"
        if [[ $word == = ]]; then continue; fi
        if [[ -n $option ]]; then option=; continue; fi
        if [[ $word == -* ]]; then
            if _NAME_takes_value "$path $word"; then option="$word"; fi
        elif [[ " $(_NAME_commands "$path") " == *" $word "* && -n "$(_NAME_options "$path $word")" ]]; then
            path="$path $word"
        fi
    done
    if [[ $cur == = ]]; then cur=; fi
    if [[ -n $option ]]; then
        words="$(_NAME_values "$path $option")"
    elif [[ $cur == -* ]]; then
        words="$(_NAME_options "$path")"
    else
        words="$(_NAME_commands "$path")"
    fi
    if [[ -n $words ]]; then COMPREPLY=($(compgen -W "$words" -- "$cur")); fi
}
complete -o default -F _NAME NAME
)sh";

constexpr const char* zsh_function = R"sh(
_NAME() {
    local cur="${words[CURRENT]}" path_of=NAME option= word found i
    for ((i = 2; i < CURRENT; i++)); do
        word="${words[i]}"
        if [[ -n $option ]]; then option=; continue; fi
        if [[ $word == -* ]]; then
            if _NAME_takes_value "$path_of $word"; then option="$word"; fi
        elif [[ " $(_NAME_commands "$path_of") " == *" $word "* && -n "$(_NAME_options "$path_of $word")" ]]; then
            path_of="$path_of $word"
        fi
    done
    if [[ -n $option ]]; then
        found="$(_NAME_values "$path_of $option")"
    elif [[ $cur == -* ]]; then
        found="$(_NAME_options "$path_of")"
    else
        found="$(_NAME_commands "$path_of")"
    fi
    if [[ -n $found ]]; then
        compadd -- ${=found}
    else
        _files
    fi
}
if [[ $funcstack[1] == _NAME ]]; then
    _NAME "$@"
else
    compdef _NAME NAME
fi
)sh";

constexpr const char* fish_function = R"sh(
function __NAME_path
    set -l path NAME
    set -l option
    for word in (commandline -opc)[2..-1]
        if test -n "$option"
            set option
        else if string match -q -- '-*' $word
            if contains -- "$path $word" $__NAME_valued
                set option $word
            end
        else if contains -- "$path $word" $__NAME_paths
            set path "$path $word"
        end
    end
    echo $path
end
function __NAME_at
    test (__NAME_path) = "$argv[1]"
end
complete -c NAME -e
complete -c NAME -f
)sh";

std::string fish_row(const command_node& program, const command_node& at) {
    return "complete -c " + program.name + " -n " + one_word("__" + program.name + "_at " + one_word(at.path));
}

std::string fish_option(const command_option& option) {
    std::string made;
    for (const auto& name : option.names)
        made += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (option.takes_value) made += option.choices.empty() ? " -r -F" : " -x -a " + one_word(joined(option.choices));
    return made + " -d " + one_word(option.says);
}

}  // namespace

std::string bash_completion(const command_node& program) {
    return shared_tables(program) + filled(bash_function, program.name);
}

std::string zsh_completion(const command_node& program) {
    return filled("#compdef NAME\n", program.name) + shared_tables(program) + filled(zsh_function, program.name);
}

std::string fish_completion(const command_node& program) {
    std::string paths;
    std::string valued;
    std::string rows;
    for (const auto* each : flat(program)) {
        paths += ' ' + one_word(each->path);
        for (const auto& below : each->commands)
            rows += fish_row(program, *each) + " -a " + below.name + " -d " + one_word(below.says) + '\n';
        if (!each->choices.empty()) rows += fish_row(program, *each) + " -a " + one_word(joined(each->choices)) + '\n';
        if (each->takes_arguments && each->choices.empty()) rows += fish_row(program, *each) + " -F\n";
        for (const auto& option : each->options) {
            rows += fish_row(program, *each) + fish_option(option) + '\n';
            if (!option.takes_value) continue;
            for (const auto& name : option.names) valued += ' ' + one_word(each->path + ' ' + name);
        }
    }
    return "set -g __" + program.name + "_paths" + paths + "\nset -g __" + program.name + "_valued" + valued +
           filled(fish_function, program.name) + rows;
}

void add_completion_command(const command& program) {
    const auto made = program.add_command("completion", "Print a script that completes commands and options");
    auto shell = std::make_shared<std::string>();
    made.option("shell", *shell, "Which one").required().one_of({"bash", "zsh", "fish"});
    made.runs([shell, program] {
        const auto tree = program.tree("kindred");
        const auto write = *shell == "bash" ? bash_completion : *shell == "zsh" ? zsh_completion : fish_completion;
        std::cout << write(tree);
        return 0;
    });
}

}  // namespace kindred::app
