#pragma once
#include "engine/rules/ruleset.hpp"

#include <string>
#include <vector>

namespace kindred::rules {

/// An agent as far as rules ask: to warn of requirements that nobody meets and queues that nobody serves.
struct roster_agent {
    std::string name;
    std::vector<std::string> queues;
    std::map<std::string, int> skills;
    std::map<std::string, int> languages;
};

/// Warnings about a ruleset that loads: routes that earlier ones cover, steps that do not widen, skills nobody has,
/// queues nobody serves (with a roster), kinds of customer without a script.
std::vector<settings::diagnostic> lint(const ruleset& rules, const std::vector<roster_agent>* roster,
                                       std::string_view shown_folder = {});

/// The people of a people.yaml, as far as lint() needs them.
std::vector<roster_agent> read_roster(std::string_view file, std::string_view bytes, settings::problems& found);

}  // namespace kindred::rules
