#pragma once
#include "connectors/slack/reply.hpp"
#include "engine/channel/inquiry.hpp"
#include "engine/channel/introduction.hpp"
#include "engine/channel/record.hpp"

#include <optional>

namespace kindred::connectors::slack {

/// The question who has written the record: users.info. None: no member has, or there is no token.
/// Source: docs.slack.dev/reference/methods/users.info.
std::optional<channel::inquiry> person_inquiry(const account& ours, const channel::record& sender);

/// Name and language in its answer. `with_email`: the address is an identity too, where Slack has confirmed it and the
/// person belongs to the workspace that the message came from: what other workspaces say of their members is theirs.
channel::introduction introduction_of(const identity& sender, const channel::inquiry_answer& said, bool with_email);

}  // namespace kindred::connectors::slack
