#pragma once
#include "engine/base/json.hpp"
#include "engine/channel/record.hpp"

#include <string>

namespace kindred::connectors::telegram {

/// "<chat>" or, in a topic of a forum group, "<chat>:<topic>".
std::string thread_of(json::value message);

/// "<chat>:<message>": message ids count within their chat only.
std::string message_key(json::value chat, json::value message_id);

/// Names, language and identity of a `User`.
void read_sender(json::value user, channel::record& made);

/// Fills text, attachments and details from a `Message`. False: it is a service message, which nobody wrote.
bool read_content(json::value message, channel::record& made);

}  // namespace kindred::connectors::telegram
