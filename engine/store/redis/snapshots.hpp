#pragma once
#include "engine/store/redis/snapshot_pieces.hpp"

namespace kindred::store::redis {

/// Which snapshot a site has: all of it as of one batch.
struct snapshot_head {
    std::string id;
    log_end end;
    std::uint64_t pieces = 0;
    std::uint64_t plain = 0;   ///< bytes of the file
    std::uint64_t packed = 0;  ///< bytes in Redis
    bool forgot = true;        ///< put() was to have Redis forget what was erased, and it did: nothing is owed
};

/// What is wrong with the pieces of a snapshot.
struct snapshot_damage {
    std::uint64_t gone = 0;   ///< that are not there
    std::uint64_t going = 0;  ///< that will go by themselves, as those of a snapshot that was replaced
};

/// Whole copies of a site in Redis, compressed and in pieces, behind which the log is cut: whoever lacks more of the
/// log than is left begins with one. Only the newest is kept. For one thread at a time but for stop().
class snapshots {
public:
    /// `in` is of that place, and must outlive this.
    snapshots(site_log& in, const site_place& at) : in_(in), pieces_(in, at) {}

    result<std::optional<snapshot_head>> newest();
    /// Puts a copy's file, which has come as far as `end`, in the place of the snapshot before, and cuts the log.
    /// errc::fenced: somebody else leads; what was put is taken away, or disappears by itself. `erases`: what the file
    /// lacks is not to be found in Redis any more, neither in a snapshot before, which goes at once, nor in the log.
    /// `id` names it by what is in the file: pieces that an earlier try under the same name put there are not put
    /// again.
    result<snapshot_head> put(const lease_token& token, const std::string& file, const log_end& end,
                              bool erases = false, const std::string& id = {});
    /// Writes the file. errc::unavailable: a newer one took its place meanwhile, ask for that; or it is not whole,
    /// which the message says.
    result<void> fetch(const snapshot_head& wanted, const std::string& file);
    /// For how long the log may have had something that no snapshot has, by Redis' own clock; nothing: it has not.
    /// Where an earlier version began the log nobody knows: then it is as long as can be.
    result<std::optional<std::chrono::milliseconds>> log_age();
    /// Looks at every piece. With one server they are all there when the site is: nothing is asked.
    result<snapshot_damage> damage_of(const snapshot_head& of);

    bool are_spread() const { return pieces_.are_spread(); }
    /// What a snapshot is called that put() was told to call so.
    std::string named(const std::string& id) const { return pieces_.named(id); }
    /// Ends what is under way with the pieces, and everything after it.
    void stop() { pieces_.stop(); }

private:
    bool settle(const lease_token& token, const std::string& id);
    result<void> write(snapshot_head& made, const std::string& file, bool may_be_there);
    result<void> take_away(const std::string& id, std::uint64_t count);
    result<void> take_away_all_but(const std::string& id, const std::optional<snapshot_head>& before, bool at_once);
    error not_whole(const snapshot_head& wanted, std::uint64_t gone);

    site_log& in_;
    snapshot_pieces pieces_;
};

}  // namespace kindred::store::redis
