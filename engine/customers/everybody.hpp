#pragma once
#include "engine/domain/customer.hpp"
#include "engine/store/store.hpp"

#include <functional>
#include <string_view>

namespace kindred::customers {

/// Calls `each` for every customer on record, by number, until it fails; merged ones are among them, erased ones are
/// not. Where only those matter who have a certain member, `member` names it: most of the others are not even parsed.
result<void> for_everybody(store::store& from, const std::function<result<void>(const customer&)>& each,
                           std::string_view member = {});

}  // namespace kindred::customers
