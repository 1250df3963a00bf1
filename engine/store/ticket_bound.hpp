#pragma once
#include <string_view>

namespace kindred::store {

/// The kind of kept rows that belong to a ticket: their ids are `<ticket>/...`, and they go when the ticket is erased.
inline constexpr std::string_view ticket_bound_kind = "draft";

}  // namespace kindred::store
