#pragma once
#include "engine/simulation/goal.hpp"
#include "engine/simulation/simulate.hpp"

#include <string>
#include <vector>

namespace kindred::simulation {

/// A table for people, a JSON object for programs, a page of HTML that needs nothing from elsewhere.
std::string to_text(const report& told);
std::string to_json(const report& told);
std::string to_html(const report& told, std::string_view title);

/// A sweep, and what it says of a goal where there is one.
struct sweep_report {
    std::vector<swept> runs;
    std::optional<goal_answer> goal;
};

/// The same of a sweep: one row, one member of "runs", one point on each line for each number of agents.
std::string to_text(const sweep_report& told);
std::string to_json(const sweep_report& told);
std::string to_html(const sweep_report& told, std::string_view title);

}  // namespace kindred::simulation
