#pragma once
#include "engine/base/error.hpp"
#include "engine/domain/customer.hpp"

#include <string_view>

namespace kindred {

/// The folded identity that somebody outside names by its space and id, vouched for by whoever does: a CRM.
/// errc::invalid says what is wrong with it.
result<identity> named_identity(std::string_view space, std::string_view id);
/// The same of "space:id".
result<identity> named_identity(std::string_view whole);

}  // namespace kindred
