#pragma once
#include "engine/dispatch/core.hpp"

/// What supervisors say about a queue without touching its rules: closed until a time, a notice until a time.
namespace kindred::dispatch {

/// Ends what is over by now. False where nothing was.
bool fire_override(turn& now, queue_no queue);

}  // namespace kindred::dispatch
