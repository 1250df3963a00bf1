#pragma once
#include "engine/redis/client.hpp"

#include <string>
#include <vector>

namespace kindred::store::redis {

/// What makes a server unfit to keep a site in: each with the line of redis.conf to change. Empty: it is fit. Errors:
/// it does not answer.
result<std::vector<std::string>> unsafe_settings(kindred::redis::client& server);

}  // namespace kindred::store::redis
