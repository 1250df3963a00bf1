#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <string_view>
#include <vector>

namespace kindred::connectors::line {

/// The records of one verified webhook body, in its order; never empty. An event that cannot be understood beside
/// others that can becomes a record of kind `ignored`. errc::invalid: nothing can be understood; names the first field.
/// Source: developers.line.biz/en/reference/messaging-api/#webhooks.
result<std::vector<channel::record>> parse(std::string_view body);

}  // namespace kindred::connectors::line
