#pragma once
#include "engine/store/redis/site_log.hpp"

namespace kindred::store::redis {

/// Which snapshot a site has: all of it as of one batch.
struct snapshot_head {
    std::string id;
    log_end end;
    std::uint64_t pieces = 0;
    std::uint64_t plain = 0;   ///< bytes of the file
    std::uint64_t packed = 0;  ///< bytes in Redis
    bool forgot = true;        ///< put() was to have Redis forget what was erased, and it did
};

/// Whole copies of a site in Redis, compressed and in pieces, behind which the log is cut: whoever lacks more of the
/// log than is left begins with one. Only the newest is kept. For one thread at a time.
class snapshots {
public:
    explicit snapshots(site_log& in) : in_(in) {}

    result<std::optional<snapshot_head>> newest();
    /// Puts a copy's file, which has come as far as `end`, in the place of the snapshot before, and cuts the log.
    /// errc::fenced: somebody else leads; what was put disappears by itself. `erases`: what the file lacks is not to be
    /// found in Redis any more, neither in the snapshot before, which goes at once, nor in the log.
    /// `id` names it by what is in the file: pieces that an earlier try under the same name put there are not put
    /// again.
    result<snapshot_head> put(const lease_token& token, const std::string& file, const log_end& end,
                              bool erases = false, const std::string& id = {});
    /// Writes the file. errc::unavailable: a newer one took its place meanwhile, ask for that.
    result<void> fetch(const snapshot_head& wanted, const std::string& file);

private:
    std::string piece_key(const std::string& id, std::uint64_t number) const;

    site_log& in_;
};

}  // namespace kindred::store::redis
