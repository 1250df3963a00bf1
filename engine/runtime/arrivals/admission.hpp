#pragma once
#include "engine/channel/record.hpp"
#include "engine/runtime/step.hpp"

#include <string>

namespace kindred::runtime {

/// Why a contact is not taken in: "blocked_sender", "flood_limit"; empty when it is. Counts it for the flood limit.
std::string why_not_admitted(step& in, const channel_entry& via, const channel::record& happened);

}  // namespace kindred::runtime
