#pragma once
#include "engine/app/command_line.hpp"
#include "engine/settings/diagnostic.hpp"

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

/// `kindred check`, `test`, `explain` and `schema`: the rule language at the command line. Exit codes as all commands
/// of `kindred`: 0 done, 1 what was checked has a problem, 2 wrong use, 3 could not run.
namespace kindred::app {

/// Checks a configuration file: its problems.
using config_check = std::function<std::vector<settings::diagnostic>(const std::filesystem::path&)>;

struct check_arguments {
    std::vector<std::string> paths;  ///< folders of rules, files within one, or configurations; empty: "rules"
    std::string people;              ///< a people.yaml; may be empty
    bool json = false;
    config_check check_config;  ///< for files that are not part of a ruleset; may be empty
};

struct test_arguments {
    std::string folder = "rules";
    bool json = false;
    std::optional<double> least_coverage;              ///< percent of the routes that must decide some test
    std::optional<double> least_condition_coverage{};  ///< percent of the conditions that must hold in some test
};

struct explain_arguments {
    std::string folder = "rules";
    std::string contact;   ///< a file with a contact (JSON or YAML), or - for standard input
    std::string contacts;  ///< a file of NDJSON, one situation a line
    std::string customer;  ///< a file with a customer; may be empty
    std::string now;       ///< RFC 3339; may be empty
    bool json = false;
};

struct schema_arguments {
    std::string kind;    ///< a kind of file; empty: all
    std::string folder;  ///< where to write them; empty: standard output
};

int run_schema(const schema_arguments& given, std::ostream& out, std::ostream& err);
int run_check(const check_arguments& given, std::ostream& out, std::ostream& err);
int run_test(const test_arguments& given, std::ostream& out, std::ostream& err);
int run_explain(const explain_arguments& given, std::istream& in, std::ostream& out, std::ostream& err);

void add_rules_commands(const command& program, config_check check_config = {});

}  // namespace kindred::app
