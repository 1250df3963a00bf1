#pragma once
#include <iosfwd>
#include <optional>
#include <string>
#include "engine/app/command_line.hpp"

/// `kindred backup` and `kindred restore`: the store as one file. Exit codes as all commands of `kindred`.
namespace kindred::app {

struct store_arguments {
    std::string file;    ///< the copy
    std::string config;  ///< says where the store is
};

/// The store that a configuration names; nothing, with the problems on `err`, when it is wrong.
std::optional<std::string> store_of(const std::string& config_file, std::ostream& err);

/// Copies the store into a new file, also beside a running engine: one consistent moment with every commit that was
/// acknowledged before. 1 when the configuration is wrong, 3 when it cannot be copied; then there is no file.
int run_backup(const store_arguments& given, std::ostream& out, std::ostream& err);

/// Puts a copy where the configuration wants its store, after checking every page of it. Only where there is none:
/// otherwise it says what to move away, and changes nothing.
int run_restore(const store_arguments& given, std::ostream& out, std::ostream& err);

void add_store_commands(const command& program);

}  // namespace kindred::app
