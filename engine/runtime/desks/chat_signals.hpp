#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// Passes on that somebody writes or reads at this moment: a visitor to the agent who holds the ticket, the agent to
/// the visitor. Nothing of it is stored, and what concerns nobody is forgotten.
void pass_on(step& in, chat_signal& given);

}  // namespace kindred::runtime
