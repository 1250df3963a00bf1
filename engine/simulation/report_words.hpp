#pragma once
#include "engine/simulation/simulate.hpp"

#include <string>
#include <vector>

/// Figures as people read them.
namespace kindred::simulation {

/// "12.3%", with its half-width: "12.3% ±0.2".
std::string share_text(const estimate& of);
/// Milliseconds as seconds, and what is long as a duration: "12.3s", "2h5m", with its half-width.
std::string wait_text(const estimate& of);
std::string seconds_text(double millis);
/// With so many digits after the point.
std::string decimal_text(double value, int digits);
/// One or more sentences on what was simulated and how sure it is.
std::string summary_of(const report& told);
/// What tables have no column for: who was turned away or never served, offers not taken, escalations.
std::vector<std::string> remarks_on(const outcome& found);
/// Characters, not bytes.
std::size_t width_of(std::string_view text);

}  // namespace kindred::simulation
