#pragma once
#include "engine/runtime/step.hpp"
#include "engine/store/store.hpp"

#include <optional>
#include <span>
#include <vector>

namespace kindred::runtime {

/// Ends `source` in favour of `into`, which goes on with what its customer writes from then on. Both must be open and
/// of the same customer: errc::conflict else, and nothing changes. The answer is the remaining ticket as JSON.
result<std::string> merge_tickets(step& in, ticket& source, ticket_id into, agent_id by);

/// Where a contact of this ticket's conversation belongs: itself, or the ticket that it was merged into in the end.
/// `goes_on` is what look_up_what_goes_on() gave; tickets in memory are newer.
ticket* after_merges(step& in, ticket* about, const std::optional<store::ticket_row>& goes_on);

/// Whether after_merges() needs no look at the store for this ticket.
bool has_what_goes_on(world& of, ticket& about);

/// For each answer: the ticket that goes on for the one that was found, where that was merged into another.
std::vector<std::optional<store::ticket_row>> look_up_what_goes_on(store::store& from,
                                                                   std::span<const store::prefetched> known);

}  // namespace kindred::runtime
