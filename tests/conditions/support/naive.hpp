#pragma once
#include "conditions/support/world.hpp"

#include <random>
#include <string>
#include <vector>

/// The rule language a second time, as plainly as docs/rules.md words it: no compiling, no interning, no index. What
/// the engine says is compared with it.
namespace kindred::conditions::testing_support {

struct naive_test {
    std::string fact;
    std::string op;  ///< as written: "at_least"
    std::vector<std::string> operands;
};

struct naive_condition {
    std::string group;  ///< all, any, none; empty: a test
    naive_test test;
    std::vector<naive_condition> members;
};

/// As YAML in flow style.
std::string to_yaml(const naive_condition& asked);

bool naively_holds(const naive_condition& asked, const std::map<std::string, fact_value>& facts, time_point now);

naive_condition random_condition(std::mt19937& random, int depth);
std::map<std::string, fact_value> random_facts(std::mt19937& random, time_point now);

}  // namespace kindred::conditions::testing_support
