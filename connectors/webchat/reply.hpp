#pragma once
#include "engine/channel/connector.hpp"

#include <cstddef>

namespace kindred::connectors::webchat {

/// The frame that shows a message in the visitor's window: {"type": "message", "from": "agent", "id", "name", "text",
/// "at", "attachments"?}; the session adds its `number`. errc::invalid: no visitor, neither text nor file, or an
/// overlong text.
result<channel::provider_call> message_frame(const channel::outgoing& message, std::size_t longest_text);

}  // namespace kindred::connectors::webchat
