#pragma once
#include "engine/dispatch/core.hpp"

/// Queues that use the agents of others while their own are too few.
namespace kindred::dispatch {

/// Looks anew at who may borrow: after the queues were configured or restored.
void find_borrowers(core& site);
/// Begins and ends borrowing as the estimated waits of this moment demand, once everything is offered that can be: what
/// is about to be taken is no wait. True where something began, so that there may be more to offer.
bool follow_borrowers(turn& now);
inline bool follow_waits(turn& now) { return !now.site.may_borrow.empty() && follow_borrowers(now); }
/// Begins without a word: for restoring.
void restore_lender(core& site, queue_no borrower, queue_no lender);

}  // namespace kindred::dispatch
