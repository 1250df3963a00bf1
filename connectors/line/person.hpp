#pragma once
#include "connectors/line/reply.hpp"
#include "engine/channel/connector.hpp"

#include <optional>

namespace kindred::connectors::line {

/// Asks for the profile of who has written, in a talk with us, a group or a room, each at its own address. Nothing
/// without a token, or of somebody whom LINE does not name.
/// Source: developers.line.biz/en/reference/messaging-api, "Get profile", "Get group chat member profile".
std::optional<channel::inquiry> person_inquiry(const account& ours, const channel::record& sender);

/// Name and language. The language is missing where somebody has not agreed to LINE's terms on it.
channel::introduction introduction_of(const channel::inquiry_answer& said);

}  // namespace kindred::connectors::line
