#pragma once
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// Ends `source` in favour of `into`, which goes on with what its customer writes from then on. Both must be open and
/// of the same customer: errc::conflict else, and nothing changes. The answer is the remaining ticket as JSON.
result<std::string> merge_tickets(step& in, ticket& source, ticket_id into, agent_id by);

/// Where a contact of this ticket's conversation belongs: itself, or the ticket it was merged into.
ticket* after_merges(world& of, ticket* about);

}  // namespace kindred::runtime
