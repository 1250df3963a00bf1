#pragma once
#include "engine/app/command_line.hpp"
#include "engine/app/command_tree.hpp"

#include <iosfwd>
#include <string>

/// `kindred completion`: scripts that teach a shell the commands and options of a program.
namespace kindred::app {

/// For bash 3.2 and later: `source <(kindred completion bash)`.
std::string bash_completion(const command_node& program);
/// To be sourced, or kept as `_kindred` in a folder of $fpath.
std::string zsh_completion(const command_node& program);
/// To be sourced, or kept as `kindred.fish` in ~/.config/fish/completions.
std::string fish_completion(const command_node& program);

/// Added last: it completes what `program` has by the time when it runs, itself included.
void add_completion_command(const command& program);

}  // namespace kindred::app
