#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/store/store.hpp"

/// What the store knows of customers, merges followed. Blocks: never on the writer's thread.
namespace kindred::runtime {

/// The customer, or who goes on for it; errc::not_found where there is nobody, or nobody any more.
result<store::customer_row> who_goes_on(store::store& from, customer_id id);

/// Fills in what a change needs to know. An error: it is not all that the store has, and nothing may be decided by it.
result<void> look_up_customers(store::store& from, customer_change& wanted);

}  // namespace kindred::runtime
