#pragma once
#include "engine/base/json.hpp"
#include "engine/channel/record.hpp"

namespace kindred::connectors::whatsapp {

/// Fills kind, text, attachments and details from one element of `messages`; what names sender and receiver is not
/// touched, except for a change of number, where `to` becomes the new one.
void read_content(json::value message, channel::record& made);

}  // namespace kindred::connectors::whatsapp
