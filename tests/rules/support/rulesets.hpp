#pragma once
#include "engine/rules/ruleset.hpp"

#include <map>
#include <string>

namespace kindred::rules::testing_support {

/// A small complete ruleset: the examples that docs/rules.md goes through.
rule_files example_files();
/// The same with some files replaced or added; an empty text takes a file away.
rule_files example_with(const std::map<std::string, std::string>& changes);
/// Compiles; a problem fails the test.
ruleset compiled(const rule_files& files);

/// "routing.yaml:1:1: error: ..." a line each.
std::string problems_text(const rule_files& files);

}  // namespace kindred::rules::testing_support
