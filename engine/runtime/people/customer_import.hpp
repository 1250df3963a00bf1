#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// What the writer needs for each row: whose the identities are.
void ask_for(const customer_import& given, std::vector<store::prefetch_query>& questions);
/// Reads the waiting tickets of those on record. Blocks: never on the writer's thread.
void look_up_import(store::store& from, customer_import& given);

/// Takes rows in, each by itself: what is wrong with one is said and stops no other. A row whose identities are two
/// customers' is not taken. What a row states and is on record already changes nothing, not even a version.
/// `done` is told when that is durable.
void import_customers(step& in, customer_import& given);

}  // namespace kindred::runtime
