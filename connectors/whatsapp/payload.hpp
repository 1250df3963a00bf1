#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <string_view>
#include <vector>

namespace kindred::connectors::whatsapp {

/// The records of one verified webhook body, in its order; never empty. A POST may hold messages, statuses and errors
/// of several numbers. What is not known, and what belongs to another number than `phone_number_id` (unless that is
/// empty), becomes a record of kind `ignored`, and so does an element that cannot be understood beside others that can.
/// errc::invalid: nothing can be understood; names the first field.
/// Source: developers.facebook.com/docs/whatsapp/cloud-api/webhooks.
result<std::vector<channel::record>> parse(std::string_view body, std::string_view phone_number_id);

}  // namespace kindred::connectors::whatsapp
