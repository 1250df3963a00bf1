#pragma once
#include "engine/domain/customer.hpp"
#include "engine/store/store.hpp"

#include <functional>

namespace kindred::customers {

/// Calls `each` for every customer on record, by number, until it fails; merged ones are among them, erased ones are
/// not.
result<void> for_everybody(store::store& from, const std::function<result<void>(const customer&)>& each);

}  // namespace kindred::customers
