#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <string_view>
#include <vector>

namespace kindred::connectors::messenger {

/// The records of one verified webhook body, in its order; never empty. What belongs to another account than
/// `page_id` (unless that is empty) is of kind `ignored`. errc::invalid: nothing can be understood; names the
/// first field. Source: developers.facebook.com/docs/messenger-platform/webhooks.
result<std::vector<channel::record>> parse(std::string_view body, std::string_view page_id);

}  // namespace kindred::connectors::messenger
