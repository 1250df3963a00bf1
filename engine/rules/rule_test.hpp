#pragma once
#include "engine/rules/ruleset.hpp"

#include <string>
#include <vector>

namespace kindred::rules {

struct failed_test {
    std::string file;
    settings::position at;
    std::string name;
    std::vector<std::string> differences;  ///< "route: expected vip calls, got fallback"
};

/// What running tests/*.yaml of a ruleset showed.
struct test_report {
    std::size_t passed = 0;
    std::vector<failed_test> failed;
    std::vector<settings::diagnostic> problems;  ///< with the test files themselves
    std::vector<std::string> routes_never_reached;
    std::vector<std::string> conditions_never_true;  ///< "rules/routing.yaml:12:7: stage: onboarding"
    std::vector<std::string> conditions_never_false;
    double route_coverage = 1;
};

test_report run_tests(const ruleset& rules, std::string_view shown_folder = {});

}  // namespace kindred::rules
