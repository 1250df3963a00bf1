#pragma once
#include "engine/base/json.hpp"
#include "engine/channel/record.hpp"

#include <string>
#include <string_view>

namespace kindred::connectors::slack {

/// "<channel>:<ts>": time stamps name messages within their channel only.
std::string message_key(std::string_view channel, std::string_view stamp);

/// Sets channel and thread: "<channel>" or, below another message, "<channel>:<ts of that>". Outside direct messages
/// each thread is a conversation of its own.
void read_place(std::string_view channel, json::value message, channel::record& made);

/// Who wrote: `slack:<team>:<user>`.
void read_sender(std::string_view team, std::string_view user, channel::record& made);

/// Fills kind, ids, text and files from an event of type `message` or `app_mention`. errc::invalid: no channel or time
/// stamp.
result<void> read_message(json::value event, std::string_view team, channel::record& made);

}  // namespace kindred::connectors::slack
