#pragma once
#include "engine/base/time.hpp"
#include "engine/domain/ids.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::runtime {

using incident_id = id<struct incident_tag>;

/// One cause behind many tickets: answered and resolved together.
struct incident {
    incident_id id;
    std::string title;
    bool open = true;
    time_point created_at;
    std::vector<ticket_id> tickets;  ///< rising
    std::uint32_t replies = 0;       ///< messages to all so far
};

inline constexpr std::size_t most_tickets_of_incident = 10'000;
inline constexpr std::size_t most_open_incidents = 1'000;

/// Incidents are settings of the store, "incident.<number>".
inline constexpr std::string_view incident_setting = "incident.";
std::string to_json(const incident& about);
std::optional<incident> incident_from_json(std::string_view json);

/// By number.
using incident_book = std::map<incident_id, incident>;

}  // namespace kindred::runtime
