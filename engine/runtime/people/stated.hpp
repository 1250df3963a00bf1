#pragma once
#include "engine/runtime/step.hpp"

#include <string_view>

namespace kindred::runtime {

/// Where attributes come from that the outside CRM was asked for.
inline constexpr std::string_view looked_up = "crm:lookup";

/// Sets what an outside CRM states of a customer, a JSON object of attributes, where it differs from what is on record.
/// What profile.yaml does not declare, or of another type, is passed over and logged: a CRM has more than is needed.
/// True when something changed.
bool state(step& in, customer& into, std::string_view attributes);
/// The same for a customer who is here; waiting tickets that were opened lately are decided again.
void take_stated(step& in, customer_id whose, std::string_view attributes);

}  // namespace kindred::runtime
