#pragma once
#include <array>
#include <cstddef>
#include <string_view>

/// What segments are compared by, where it is a number, in the order of the reports.
namespace kindred::insight::outcome {

enum place : std::size_t { wait, handling, contacts, satisfaction, recommends, easy };
inline constexpr std::array<std::string_view, 6> names{"wait_s",       "handling_s", "contacts",
                                                       "satisfaction", "nps",        "ces"};

}  // namespace kindred::insight::outcome
