#pragma once
#include "engine/simulation/simulate.hpp"

#include <string>
#include <vector>

namespace kindred::simulation {

/// A table for people, a JSON object for programs, a page of HTML that needs nothing from elsewhere.
std::string to_text(const report& told);
std::string to_json(const report& told);
std::string to_html(const report& told, std::string_view title);

/// The same of a sweep: one row, one member of "runs", one point on each line for each number of agents.
std::string to_text(const std::vector<swept>& runs);
std::string to_json(const std::vector<swept>& runs);
std::string to_html(const std::vector<swept>& runs, std::string_view title);

}  // namespace kindred::simulation
