#include "engine/store/redis/redis_store.hpp"

namespace kindred::store::redis {

site_place place_of(const redis_options& options) {
    site_place at{options.server, {}, options.site, {options.wait_replicas, options.wait_within}, options.figures};
    at.server.figures = options.figures->calls;
    if (!options.cluster.empty()) at.way = kindred::redis::cluster_settings{options.cluster, 0};
    if (!options.sentinels.empty())
        at.way = kindred::redis::sentinel_settings{options.sentinels, options.master, options.sentinel_password,
                                                   options.server.tls, options.server.ca_file};
    return at;
}

kindred::redis::way_to_server way_to(const site_place& at) {
    auto way = at.way;
    if (auto* in = std::get_if<kindred::redis::cluster_settings>(&way))
        in->slot = kindred::redis::slot_of(prefix_of(at.site));
    return way;
}

}  // namespace kindred::store::redis
