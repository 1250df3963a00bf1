#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// Opens an incident, links and unlinks its tickets, answers or resolves all of them. One message for each ticket goes
/// out, through that ticket's channel; calls, and tickets that are no longer open, are passed over and counted. The
/// answer is the incident as JSON, with what was done and passed over. Nothing changes on errors.
result<std::string> change_incident(step& in, const incident_change& wanted);

std::string incidents_json(const world& of);

}  // namespace kindred::runtime
