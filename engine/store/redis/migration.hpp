#pragma once
#include "engine/store/redis/options.hpp"

#include <cstdint>

namespace kindred::store {

/// What was moved: the size of the store's file, and in Redis.
struct moved_site {
    std::uint64_t bytes = 0;
    std::uint64_t packed = 0;
};

/// Makes a site in Redis of the store in a file, which stays as it is, and reads back what it put there. It may be
/// called again after it was interrupted. errc::conflict: a program has the file open, Redis has this site already, or
/// a node leads it. Sessions are not moved: people log in again.
result<moved_site> move_into_redis(const sqlite_options& from, const redis_options& to);

/// Writes a site in Redis into a new file that store.sqlite can name. The site stays as it is. errc::conflict: the file
/// is there, a node leads the site, or the copy of this node is open.
result<moved_site> move_out_of_redis(const redis_options& from, const std::string& to);

}  // namespace kindred::store
