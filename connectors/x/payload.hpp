#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <string_view>
#include <vector>

namespace kindred::connectors::x {

/// The records of one verified delivery, which may hold several messages. What `for_user_id` itself wrote is an echo;
/// typing, reading and everything else is ignored. errc::invalid names the field that cannot be understood.
/// Source: docs.x.com, "Account Activity API", data objects.
result<std::vector<channel::record>> parse(std::string_view body);

}  // namespace kindred::connectors::x
