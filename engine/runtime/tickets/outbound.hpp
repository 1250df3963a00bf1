#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// An agent writes to or calls somebody of its own accord: the ticket is held by that agent at once and uses its
/// capacity like any other; the message, or the call that is to be placed, goes through the outbox. A test is held by
/// nobody and over at once. The answer is the ticket as JSON. Nothing changes on errors.
result<std::string> begin_contact(step& in, const outbound_contact& wanted);

/// What intake must look up for it.
store::prefetch_query question_for(const outbound_contact& wanted);

}  // namespace kindred::runtime
