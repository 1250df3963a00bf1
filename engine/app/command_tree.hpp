#pragma once
#include <string>
#include <vector>

namespace kindred::app {

/// One option of a command, as a shell needs to know it.
struct command_option {
    std::vector<std::string> names;  ///< "-h", "--help"
    std::string says;
    bool takes_value = false;
    std::vector<std::string> choices;  ///< of the value; empty: anything, such as a file
};

/// A command and those below it, in the order in which help shows them.
struct command_node {
    std::string path;  ///< "kindred user add"
    std::string name;
    std::string says;
    std::vector<command_option> options;
    std::vector<std::string> choices;  ///< of its arguments; empty: anything, or none
    bool takes_arguments = false;
    std::vector<command_node> commands;
};

/// The tree as a list: a command before those below it.
std::vector<const command_node*> flat(const command_node& root);

}  // namespace kindred::app
