#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Waiting tickets are decided again when facts of their customer change, and only where that makes a difference.
namespace kindred::runtime {

/// A ticket is decided again at most so often.
inline constexpr std::int64_t most_redecisions = 3;

/// One number for all that a decision says of a ticket: decisions that say the same have the same one. Never 0.
std::uint64_t digest_of(const rules::decision& made);

/// What the store has of these customers' tickets that nobody holds: each with the contact that opened it. Blocks:
/// never on the writer's thread. Tickets that cannot be read are left out and logged.
std::vector<opening_contact> look_up_waiting(store::store& from, std::vector<customer_id> whose);

/// The same for the tickets that a delivery goes on with, where they were opened before this engine `started`: one per
/// record, none where nothing waits. What was said since is known (said_lately.hpp).
std::vector<std::optional<opening_contact>> look_up_openings(store::store& from,
                                                             std::span<const store::prefetched> known,
                                                             time_point started);

/// Decides a waiting ticket again for what its customer added to it, in this step. What was said before still counts:
/// texts add up, attributes, language and intent are those said last. The first `most_redecisions` further contacts of
/// a ticket are weighed. `opened` is what look_up_openings() gave.
void redecide_for_contact(step& in, ticket_id ticket, const channel_entry& via, const channel::record& added,
                          const std::optional<opening_contact>& opened);

/// Decides the waiting tickets of a customer, and of all who go on as that one, again in this step. A ticket keeps its
/// decision unless the rules say something else for `after` than they say for `before` at this moment: what only
/// queues, calendars or the clock have changed moves nobody. `known` is what look_up_waiting() gave; tickets opened
/// since are known here.
struct changed_customer {
    const customer& whose;
    const customer& before;
    const customer& after;
};
void redecide(step& in, const changed_customer& changed, const std::vector<opening_contact>& known);

}  // namespace kindred::runtime
