#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <string_view>
#include <vector>

namespace kindred::connectors::instagram {

/// The records of one verified webhook body, in its order; never empty. What belongs to another account than
/// `account_id` (unless that is empty) is of kind `ignored`. errc::invalid: nothing can be understood; names the
/// first field. Source: developers.facebook.com/docs/instagram-platform/webhooks.
result<std::vector<channel::record>> parse(std::string_view body, std::string_view account_id);

}  // namespace kindred::connectors::instagram
