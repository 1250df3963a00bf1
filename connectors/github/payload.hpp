#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <string_view>

namespace kindred::connectors::github {

/// The record of one verified delivery. `event` is what X-GitHub-Event says, which is not signed: what the body does
/// not bear out is refused. What `own_username` or its app wrote is an echo; other bots are ignored.
/// errc::invalid names the field that cannot be understood.
/// Source: docs.github.com/webhooks/webhook-events-and-payloads.
result<channel::record> parse(std::string_view body, std::string_view event, std::string_view own_username);

}  // namespace kindred::connectors::github
