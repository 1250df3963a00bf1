#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <string_view>
#include <vector>

namespace kindred::connectors::vonage {

/// What a verified request to one of our addresses says, from its JSON body, or from its query where it has none:
/// "/answer" a call, "/input" keys or speech, "/event" how the call goes, "/agent" how ringing an agent goes (its query
/// names the caller's call). errc::not_found: no such address; errc::invalid: names the field that is missing.
/// Source: developer.vonage.com/en/voice/voice-api/webhook-reference.
result<channel::record> parse(std::string_view subpath, std::string_view body, std::string_view query);

/// Whether a status of the agent's leg means that nobody talked to the caller.
bool agent_did_not_answer(std::string_view status);

}  // namespace kindred::connectors::vonage
