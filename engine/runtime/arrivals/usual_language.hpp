#pragma once
#include "engine/runtime/inputs.hpp"

#include <string>

namespace kindred::runtime {

/// The language of whoever sent a record of a delivery, as far as it is at hand or was looked up: that of the first
/// customer who has one of the sender's identities. Empty: it is not known.
std::string usual_language(const delivery& arrived, std::size_t place);

}  // namespace kindred::runtime
