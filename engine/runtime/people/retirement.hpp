#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// Removes what its time is over for, and says so on the audit log. A ticket that is at work again, or of which a
/// message is still being sent, stays, and its files with it. The answer: {"removed": n}, of tickets.
result<std::string> retire(step& in, const retirement& wanted);

}  // namespace kindred::runtime
