#pragma once
#include "engine/rules/ruleset.hpp"
#include "engine/settings/shape.hpp"

#include <string>
#include <vector>

namespace kindred::rules {

struct failed_test {
    std::string file;
    settings::position at;
    std::string name;
    std::vector<std::string> differences;  ///< "route: expected vip calls, got \"fallback\""
};

/// What running tests/*.yaml of a ruleset showed.
struct test_report {
    std::size_t passed = 0;
    std::vector<failed_test> failed;
    std::vector<settings::diagnostic> problems;              ///< with the test files themselves
    std::vector<std::string> routes_never_reached;           ///< by name
    std::vector<settings::diagnostic> conditions_never_met;  ///< tests on facts that held in no test
    std::size_t routes = 0;                                  ///< the fallback included
    std::size_t conditions = 0;                              ///< tests on facts in segments, stages and routes
    double route_coverage = 1;                               ///< share of the routes that decided a test
    double condition_coverage = 1;                           ///< share of the conditions that held in a test
};

/// What a file of rule tests may hold.
const settings::shape& tests_file_shape();

/// What is wrong with the test files themselves, without running them.
std::vector<settings::diagnostic> check_tests(const ruleset& rules, std::string_view shown_folder = {});

test_report run_tests(const ruleset& rules, std::string_view shown_folder = {});
/// What failed, what was never reached, how much was, and last "N passed, N failed".
std::string to_text(const test_report& report);
std::string to_json(const test_report& report);

}  // namespace kindred::rules
