#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"
#include "engine/channel/webhook.hpp"

#include <string_view>

namespace kindred::connectors::twilio_voice {

/// What a verified request to one of our addresses says: "" a call, "/menu" and "/key" keys or speech, "/wait" asks
/// what a waiting caller should hear, "/after-queue" how waiting or ringing an agent ended, "/agent" how the phone of
/// an agent goes who is called into a conference or for a call-back, "/called-back" how a call-back ended, "/voicemail"
/// a message that was recorded, "/status" how the call goes. `query` is what our address carried: the caller's call and
/// number. errc::not_found: no such address; errc::invalid: names the field that is missing. Source:
/// twilio.com/docs/voice/twiml.
result<channel::record> parse(std::string_view subpath, const channel::form& fields, const channel::form& query);

/// A call as it comes in, whatever address its request had.
void read_call(const channel::form& fields, channel::record& made);

/// Whether the result of ringing an agent means that nobody talked to the caller.
bool agent_did_not_answer(std::string_view dial_result);

}  // namespace kindred::connectors::twilio_voice
