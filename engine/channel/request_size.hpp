#pragma once
#include "engine/channel/connector.hpp"

#include <cstddef>

namespace kindred::channel {

/// The largest body that a channel of this kind is brought over HTTP, in bytes: mails come with their files.
std::size_t most_request_bytes(channel_kind kind);

/// What every channel answers to a larger one, whose bytes nobody looks at: 413, and `too_large`.
reception refuse_too_large();

/// What the connector makes of a request to a channel of that kind as it comes in at the door, which knows its size
/// before its content.
reception receive_within_limit(channel_kind kind, const connector& by, const request& arrived, time_point now);

}  // namespace kindred::channel
