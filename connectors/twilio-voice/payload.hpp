#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"
#include "engine/channel/webhook.hpp"

#include <string_view>

namespace kindred::connectors::twilio_voice {

/// What a verified request to one of our addresses says: "" a call, "/menu" keys or speech, "/wait" asks what a waiting
/// caller should hear, "/after-queue" how waiting or ringing an agent ended, "/status" how the call goes.
/// errc::not_found: no such address; errc::invalid: names the field that is missing.
/// Source: twilio.com/docs/voice/twiml.
result<channel::record> parse(std::string_view subpath, const channel::form& fields);

/// Whether the result of ringing an agent means that nobody talked to the caller.
bool agent_did_not_answer(std::string_view dial_result);

}  // namespace kindred::connectors::twilio_voice
