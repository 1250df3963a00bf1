#pragma once
#include "engine/domain/customer.hpp"

#include <string>

namespace kindred::customers {

/// Two profiles become one: `into` goes on with the identities of both. What `into` states stays as it is; `from` fills
/// the gaps, and keeps what it was for the day the merge turns out to be wrong. Neither may be merged already.
void merge(customer& from, customer& into, std::string by, std::string reason, time_point now);

/// Undoes merge(): `from` is what it was, with `open_tickets` of its own, and `into` has no longer what it took over,
/// unless that was changed meanwhile. What arrived while they were one stays with `into`.
void unmerge(customer& from, customer& into, std::int64_t open_tickets);

}  // namespace kindred::customers
