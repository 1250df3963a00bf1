#pragma once
#include "engine/redis/call_figures.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace kindred::store {

/// What a node can tell about its part in a site that several share, since the process began; it outlives the stores
/// that are opened one after the other. Thread-safe.
struct site_figures {
    using figure = std::atomic<std::uint64_t>;

    std::shared_ptr<kindred::redis::call_figures> calls = std::make_shared<kindred::redis::call_figures>();
    // As of now.
    figure leads{0};           ///< 1: this node leads
    figure epoch{0};           ///< of the lease that it holds or follows
    figure log_batches{0};     ///< that the log in Redis has
    figure batches_behind{0};  ///< that this node's copy lacks
    figure items_waiting{0};   ///< that this node took in and Redis has not yet
    figure files{0};           ///< in Redis, as far as this node knows
    figure file_bytes{0};
    figure files_on_disk_alone{0};  ///< of this node: Redis had no room for them
    figure files_missing{0};        ///< that are on record, and neither Redis nor this node has them
    // These only rise.
    figure take_overs{0};       ///< times that this node became the one that leads
    figure shortfalls{0};       ///< writes that too few replicas confirmed in time
    figure items_journaled{0};  ///< that were taken in while Redis was away
    figure snapshots{0};        ///< that this node put into Redis
    figure snapshots_failed{0};
    figure snapshots_broken{0};   ///< times that masters of a cluster had lost pieces of one
    figure rollbacks{0};          ///< times that Redis lacked batches that it had confirmed
    figure batches_put_back{0};   ///< that this node had still, and nobody had written anything else
    figure contacts_repaired{0};  ///< that Redis had lost and has again
    figure contacts_lost{0};      ///< that Redis had lost, and that lie in a copy that was set aside
    figure copies_set_aside{0};   ///< copies of this node that Redis did not know any more
    figure files_fetched{0};      ///< from Redis, because this node did not have them
    figure files_put_back{0};     ///< that Redis did not have and this node had still

    /// In Prometheus' text format, every figure from 0 on.
    std::string text() const;
};

}  // namespace kindred::store
