#pragma once
#include "engine/base/json.hpp"
#include "engine/channel/record.hpp"

namespace kindred::channel {

/// Fills kind, text, attachments and details from the `message` of a Messenger or Instagram event.
void read_meta_message(json::value message, record& made);

/// What a link, an advert or a code that led to the conversation says of itself.
void read_meta_referral(json::value referral, record& made);

}  // namespace kindred::channel
