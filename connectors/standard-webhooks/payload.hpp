#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kindred::connectors::standard_webhooks {

/// The record of one verified event {type, timestamp, data}. A type in `contact_types` is somebody's message, whose
/// data must say who wrote or what; every other type is noted as an event of the sender's (kind control).
/// errc::invalid names the field that cannot be understood.
result<channel::record> parse(std::string_view body, std::string_view webhook_id,
                              const std::vector<std::string>& contact_types);

}  // namespace kindred::connectors::standard_webhooks
