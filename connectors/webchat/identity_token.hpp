#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"
#include "engine/channel/record.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kindred::connectors::webchat {

/// Adds whom a shop's page has proven to be behind the chat. The token is a JWT (RFC 7519) that the shop's server
/// signed with HS256; its claims are `sub`, the customer's number there, `exp`, and if it likes `email`, `phone` and
/// `name`. errc::forbidden: no secret is configured, the token is not signed by one, has no `sub`, or is expired
/// ("identity_expired", else "wrong_identity"); then nothing is added.
result<void> read_identity(std::string_view token, const std::vector<std::string>& secrets, time_point now,
                           channel::record& made);

}  // namespace kindred::connectors::webchat
