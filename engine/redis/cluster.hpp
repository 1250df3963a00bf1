#pragma once
#include "engine/redis/connection.hpp"

#include <string_view>

namespace kindred::redis {

inline constexpr std::uint16_t slots = 16384;

/// Which of a cluster's slots a key is in: by what stands between its first brace and the next closing one, if that is
/// something, else by all of it.
std::uint16_t slot_of(std::string_view key);

/// A Redis Cluster, for somebody whose keys are all in one slot.
struct cluster_settings {
    std::vector<server_address> servers;  ///< some of it: they know the others
    std::uint16_t slot = 0;
};

struct slot_range {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
    std::vector<server_address> servers;  ///< the master, then its replicas
};

/// Who has what, as one server of the cluster sees it.
struct slot_map {
    std::vector<slot_range> ranges;

    const server_address* master_of(std::uint16_t slot) const;
    std::vector<server_address> masters() const;
    std::vector<server_address> all() const;
};

/// What CLUSTER SLOTS answers; `asked` is meant where it names no host. errc::corrupt: it is nothing of the kind.
result<slot_map> slot_map_of(const reply& said, const server_address& asked);

/// The map by the first of these servers that answers. Of `settings` everything but the address is used.
/// errc::invalid: one answers and is of no cluster; errc::unavailable: none answers.
result<slot_map> find_slots(const connection_settings& settings, const std::vector<server_address>& servers,
                            const tls::stop_bell& bell);

}  // namespace kindred::redis
