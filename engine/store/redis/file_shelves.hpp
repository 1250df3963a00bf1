#pragma once
#include "engine/store/file_place.hpp"
#include "engine/store/redis/site_log.hpp"

#include <memory>

namespace kindred::store::redis {

/// How large a piece of a file is: with what Redis keeps beside it, a mebibyte of memory.
inline constexpr std::size_t file_piece_bytes = (std::size_t{1} << 20) - 1024;

/// What the shelf of a file says of it.
struct shelved_file {
    std::string name;
    std::string said;  ///< as it is in Redis; another put makes another
    time_point at;     ///< of the last put, by Redis' clock
    std::uint64_t plain = 0;
    std::uint64_t stored = 0;  ///< bytes in Redis
    std::uint64_t pieces = 0;
    bool is_packed = false;
    std::string id;  ///< of its pieces
};

struct shelved_sum {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;  ///< as stored
};

/// The bytes of files in Redis, on sixteen shelves by the first digit of their names. Each shelf has a hash tag of its
/// own, kindred:{SITE/file/X}, so that in a cluster they are spread over its masters. A file lies there in pieces, and
/// counts once its shelf names it. Thread-safe; errors as of site_log.
class file_shelves {
public:
    /// `in_cluster`: each shelf may be with another server.
    file_shelves(const site_place& at, bool in_cluster);

    /// Whether it is there; then it is as good as put anew.
    result<bool> touch(const std::string& name);
    /// How many bytes were added; 0: it was there before.
    result<std::uint64_t> put(const std::string& name, std::string_view bytes);
    /// errc::not_found; errc::corrupt: what is there is not what was put.
    result<std::string> get(const std::string& name);
    /// Those of the names that are there.
    result<std::vector<shelved_file>> look(std::span<const std::string> names);
    result<void> for_each(const std::function<void(shelved_file&&)>& each);
    struct dropped {
        bool was_put_again = false;  ///< since it was seen: then it stays
        std::uint64_t bytes = 0;
    };
    /// What is not there is no error.
    result<dropped> drop(const shelved_file& seen);
    result<shelved_sum> sum();

    /// As shelves say it; nothing when it is not ours.
    static std::optional<shelved_file> read(std::string name, std::string said);
    /// How many connections were made.
    std::uint64_t connects() const;
    void stop();

private:
    site_log& over(std::size_t shelf);
    std::string key(std::size_t shelf, std::string_view name) const;
    std::string piece_key(const std::string& name, const std::string& id, std::uint64_t number) const;

    const std::string site_;
    std::vector<std::unique_ptr<site_log>> logs_;  ///< one for all shelves, or one for each
};

}  // namespace kindred::store::redis
