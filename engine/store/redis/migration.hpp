#pragma once
#include "engine/store/redis/options.hpp"

#include <cstdint>

namespace kindred::store {

/// What was moved: the size of the store's file, and in Redis.
struct moved_site {
    std::uint64_t bytes = 0;
    std::uint64_t packed = 0;
    std::string hash;         ///< content_hash(), the same on both sides
    std::uint64_t files = 0;  ///< attachments, where they are in Redis; else whoever moves the site sees to them
};

/// Makes a site in Redis of the store in a file, which stays as it is, and reads back what it put there. Called again
/// after it was interrupted, it goes on: a lease that the earlier try left is waited for, and pieces that are there are
/// not put again. errc::conflict: a program has the file open, Redis has this site already, or a node leads it.
/// errc::corrupt: what was read back is not what was put there. Sessions are not moved: people log in again.
/// Attachments, in a folder beside the file, go along where the site keeps them in Redis.
result<moved_site> move_into_redis(const sqlite_options& from, const redis_options& to);

/// Writes a site in Redis into a new file that store.sqlite can name; the file is there once it is whole and was
/// compared. The site stays as it is. Called again after it was interrupted, it goes on from how far this node's copy
/// has come. errc::conflict: the file is there, a node leads the site, or the copy of this node is open. Attachments go
/// into the folder beside the file where the site keeps them in Redis.
result<moved_site> move_out_of_redis(const redis_options& from, const std::string& to);

}  // namespace kindred::store
