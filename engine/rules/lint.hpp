#pragma once
#include "engine/rules/ruleset.hpp"

#include <map>
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

/// Warnings about a ruleset that loads: routes that earlier ones cover, steps that do not widen, kinds of customer
/// without a script or article; with a roster also queues that nobody serves and steps that nobody meets.
std::vector<settings::diagnostic> lint(const ruleset& rules, const std::vector<roster_agent>* roster = nullptr,
                                       std::string_view shown_folder = {});

/// The people of a people.yaml, as far as lint() needs them; other keys are none of its business.
std::vector<roster_agent> read_roster(std::string_view file, std::string_view bytes, settings::problems& found);

}  // namespace kindred::rules
