#pragma once
#include "engine/app/command_tree.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace kindred::app {

/// One thing that a command takes. Like `command` a handle: it lives as long as its command_line.
class argument {
public:
    explicit argument(CLI::Option* of) : of_(of) {}

    const argument& required() const;
    const argument& one_of(const std::vector<std::string>& values) const;
    /// What help and completion offer; other values are taken as well.
    const argument& usually(const std::vector<std::string>& values) const;
    /// `fault_of` says what is wrong with a value, "" for nothing.
    const argument& check(const std::function<std::string(const std::string&)>& fault_of) const;
    /// Help shows the value that it has when it is not given.
    const argument& shows_default() const;

private:
    CLI::Option* of_;
};

/// A command, to which what it takes and does is told. The parser behind it (CLI11) is read by one file alone: its
/// headers cost every file that includes them more than all others together.
class command {
public:
    command(CLI::App* of, int* exit_code) : of_(of), exit_code_(exit_code) {}

    command add_command(const std::string& name, const std::string& says) const;
    /// One of the commands below this one must be given.
    void wants_command() const;
    /// Options of which exactly one must be given.
    command exactly_one(const std::string& name) const;

    /// "--name", or "name" for what has a place of its own. `into` must outlive the parsing; a text, a number, an
    /// optional of these, or a vector of texts for what may be repeated.
    template <class Value>
    argument option(const std::string& name, Value& into, const std::string& says) const;
    argument flag(const std::string& name, bool& into, const std::string& says) const;
    /// `work` gives the exit code; it runs once all arguments are read and right.
    void runs(std::function<int()> work) const;

    /// What the program takes, read from its parser: nothing is listed twice that could differ.
    command_node tree(const std::string& name) const;

private:
    CLI::App* of_;
    int* exit_code_;
};

/// The program's command line.
class command_line {
public:
    explicit command_line(const std::string& says);
    ~command_line();
    command_line(const command_line&) = delete;
    command_line& operator=(const command_line&) = delete;

    command root() { return {parser_.get(), &exit_code_}; }
    /// What the command gave; 2 for arguments that are wrong, which it says on standard error.
    int run(int argc, const char* const* argv);

private:
    std::unique_ptr<CLI::App> parser_;
    int exit_code_ = 0;
};

}  // namespace kindred::app
