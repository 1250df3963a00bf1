#pragma once
#include "engine/base/json.hpp"
#include "engine/channel/record.hpp"

namespace kindred::connectors::line {

/// Fills text, attachments and details from the `message` of an event. A type that came up after this was written is
/// shown as unsupported rather than lost.
void read_content(json::value message, channel::record& made);

}  // namespace kindred::connectors::line
