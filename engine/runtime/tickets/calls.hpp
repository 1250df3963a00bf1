#pragma once
#include "engine/channel/record.hpp"
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// What the provider says of a call changes where its ticket stands: a caller who hangs up leaves the line at once, one
/// who was promised a call or left a message does not, an agent's phone that rang in vain sends the caller back to the
/// queue. Call it once the record is in the ticket's history.
void follow_the_call(step& in, ticket& about, const channel::record& happened);

/// Brings the caller and the agent who now holds the ticket together, by a call to the provider that leaves like any
/// other message to the customer. Does nothing for other kinds of channels, and for a recorded message: the agent hears
/// it first.
void connect_call(step& in, ticket& about, agent_id who);

/// Lets the provider pause the recording of a call, or go on with it; on the audit log. The answer is
/// {"recording": "paused" | "recording"}. errc::conflict: the call is not recorded, or over.
result<std::string> order_recording(step& in, ticket& about, bool paused, agent_id who);

/// Lets the customer of a talk wait and hear music, or takes the talk up again; in the ticket's history and on the
/// audit log. The answer is {"call": "on_hold" | "talking", "entry"}; where it stands so already nothing is ordered,
/// and there is no entry. errc::conflict: nobody talks, the line is free, or the provider cannot do it with this call.
result<std::string> order_hold(step& in, ticket& about, bool on_hold, agent_id who);

}  // namespace kindred::runtime
