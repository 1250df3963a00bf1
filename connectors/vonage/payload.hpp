#pragma once
#include "engine/base/error.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/record.hpp"

#include <string_view>
#include <vector>

namespace kindred::connectors::vonage {

/// What a verified request to one of our addresses says, from its JSON body, or from its query where it has none:
/// "/answer" a call, "/input" keys or speech, "/wait" asks what a waiting caller should hear, "/event" how the call
/// goes,
/// "/agent" how ringing an agent goes (its query names the caller's call), "/voicemail" a message that was recorded.
/// errc::not_found: no such address; errc::invalid: names the field that is missing.
/// Source: developer.vonage.com/en/voice/voice-api/webhook-reference.
result<channel::record> parse(std::string_view subpath, std::string_view body, std::string_view query);

/// A call as it comes in, into a record that knows its parties; `event` only adds what it says beside them.
result<void> read_call(json::value event, channel::record& made);

/// Whether a status of the agent's leg means that nobody talked to the caller.
bool agent_did_not_answer(std::string_view status);

}  // namespace kindred::connectors::vonage
