#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <string>
#include <string_view>

namespace kindred::connectors::discourse {

/// What the headers of a delivery say. They are not signed: nothing is trusted to them but what sort of event it is.
struct envelope {
    std::string event_type;  ///< "post", "topic", "user", "ping", ...
    std::string event;       ///< "post_created", "post_edited", "post_destroyed", ...
    std::string event_id;
    std::string host;  ///< of the forum: names the space of its user ids
};

/// The record of one verified webhook body. A post by `own_username` is an echo; system users, small actions, whispers
/// and events other than those of posts are ignored. errc::invalid names the field that cannot be understood.
/// Source: Discourse, app/serializers/web_hook_post_serializer and app/jobs/regular/emit_web_hook_event.
result<channel::record> parse(std::string_view body, const envelope& around, std::string_view own_username);

}  // namespace kindred::connectors::discourse
