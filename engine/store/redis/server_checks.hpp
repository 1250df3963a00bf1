#pragma once
#include "engine/redis/client.hpp"
#include "engine/store/redis/options.hpp"

#include <string>
#include <vector>

namespace kindred::store::redis {

/// What makes a server unfit to keep a site in: each with the line of redis.conf to change. Empty: it is fit. Errors:
/// it does not answer. `in_cluster`: it is meant to be a server of a cluster.
result<std::vector<std::string>> unsafe_settings(kindred::redis::client& server, bool in_cluster = false);

/// Has the server, or all masters of the cluster, checked and given our functions. errc::invalid: one is not safe, with
/// what to change; errors of the one that has the site.
result<void> prepare_servers(kindred::redis::client& of_site, const redis_options& options);

}  // namespace kindred::store::redis
