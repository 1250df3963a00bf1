#pragma once
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

namespace kindred::runtime {

/// The key of a change that has one: its effect comes once.
std::optional<store::unique_key> idempotency_key_of(const customer_change& wanted);

/// Changes a customer's facts and, in the same step, decides again what waits and is now meant to go elsewhere. The
/// answer is JSON for the API. errc::not_found for an unknown customer, event, attribute, dimension or segment,
/// errc::invalid for values that do not fit; then nothing changes.
result<std::string> change_customer(step& in, const customer_change& wanted);

}  // namespace kindred::runtime
