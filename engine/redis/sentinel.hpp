#pragma once
#include "engine/redis/connection.hpp"

namespace kindred::redis {

/// Those that watch a master and its replicas and say which server is the master now.
struct sentinel_settings {
    std::vector<server_address> servers;
    std::string master = "mymaster";  ///< as they call it
    std::string password;             ///< theirs; empty: no log-in
    bool tls = false;
    std::string ca_file;
};

/// The master by the sentinel that has heard of the latest failover: the others hear of it some seconds later, and name
/// the old one until then, which may be alive. errc::unavailable: none of them knows a master of this name.
result<server_address> find_master(const sentinel_settings& by, const tls::stop_bell& bell);

}  // namespace kindred::redis
