#pragma once
#include "engine/runtime/step.hpp"
#include "engine/runtime/tickets/ticket_actions.hpp"

#include <string>

namespace kindred::runtime {

/// What tells one failure of a message from the next: a key that may be used once.
store::unique_key key_of(const action::send_again& wanted);

/// Puts the failed parts of a message into the outbox once more, in the ticket's history and on the audit log. They
/// keep the key by which their provider knows a repetition, unless it had taken the message and failed later. The
/// answer is {"ticket", "entry", "messages"}. errc::conflict: it is on its way, it is no message but a call, the
/// customer must not be written to, or the time for a free text is over.
result<std::string> send_again(step& in, ticket& about, const action::send_again& wanted, agent_id who);

}  // namespace kindred::runtime
