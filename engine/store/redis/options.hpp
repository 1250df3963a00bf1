#pragma once
#include "engine/redis/connection.hpp"
#include "engine/store/redis/site_figures.hpp"
#include "engine/store/sqlite/sqlite.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace kindred::store {

/// A site that several nodes share: Redis has its log, every node a copy that follows.
struct redis_options {
    kindred::redis::connection_settings server;  ///< its address is of no account beside sentinels or a cluster
    /// Those that know which server is the master; empty: `server` is.
    std::vector<kindred::redis::server_address> sentinels;
    std::string master = "mymaster";  ///< as the sentinels call it
    std::string sentinel_password;
    /// Some servers of a cluster, which know the others; empty: it is none.
    std::vector<kindred::redis::server_address> cluster;
    std::string site = "main";      ///< names the site among those of this Redis; no braces
    sqlite_options copy;            ///< this node's copy; it may be lost at any time
    std::string node = "kindred";   ///< this node's name, as others are shown it
    std::string address;            ///< where other nodes reach this one; may be empty
    std::size_t wait_replicas = 0;  ///< replicas that must have a write before it counts
    std::chrono::milliseconds wait_within{1'000};
    std::chrono::milliseconds lease{10'000};             ///< how long a leader that says nothing stays one
    std::size_t snapshot_bytes = std::size_t{64} << 20;  ///< of the log at least, before a snapshot takes its place
    std::size_t tail_bytes = std::size_t{64} << 20;  ///< of the last batches, and of what was taken in, to be put back
    std::size_t inbox_bytes = std::size_t{256} << 20;  ///< of what nodes take in and nobody has decided, at most
    std::chrono::milliseconds erase_within{60'000};    ///< after which a snapshot takes the place of erased words
    /// A snapshot follows at least so often, where anything was written; and what this node notes on its disk, to put
    /// it back, goes after twice that time.
    std::chrono::milliseconds replaced_within = std::chrono::hours{24};
    std::chrono::milliseconds look_at_pieces{60'000};  ///< of the snapshot, in a cluster: whether they are there
    bool spread = true;                                ///< sites of one Redis move to the nodes that lead fewer of them
    std::size_t most_sites = 0;                        ///< that this node leads at a time; 0: as many as there are
    bool journal = false;  ///< what is taken in while Redis is away waits on this node's disk, synced
    std::size_t journal_bytes = std::size_t{256} << 20;      ///< of that at most
    bool files_in_redis = true;                              ///< false: the nodes share a folder for files
    std::uint64_t most_file_bytes = std::uint64_t{1} << 30;  ///< of files in Redis; further ones are on one disk alone
    bool refuse_unsafe = true;                               ///< false: what is wrong with the server is only logged
    /// What happened is counted here, over all stores that are opened with these options.
    std::shared_ptr<site_figures> figures = std::make_shared<site_figures>();
};

}  // namespace kindred::store
