#include "engine/store/sqlite/trimmer.hpp"

#include <algorithm>

namespace kindred::store::sqlite {
namespace {

// Hashes scatter days over the whole table, so it is walked once around instead of being indexed by time, which would
// cost every commit what this costs once in a while.
constexpr std::string_view find_end_of_stretch =
    "SELECT hash FROM keys WHERE hash > ?1 ORDER BY hash LIMIT 1 OFFSET 1999";
constexpr std::string_view drop_keys =
    "DELETE FROM keys WHERE hash > ?1 AND hash <= ?2 AND at < ?3 "
    "AND NOT EXISTS (SELECT 1 FROM tickets AS t WHERE t.id = keys.ticket AND t.status < 6)";
constexpr std::string_view drop_last_keys =
    "DELETE FROM keys WHERE hash > ?1 AND at < ?2 "
    "AND NOT EXISTS (SELECT 1 FROM tickets AS t WHERE t.id = keys.ticket AND t.status < 6)";
constexpr std::string_view drop_sessions = "DELETE FROM sessions WHERE expires_at <= ?1";
constexpr std::string_view drop_writers = "DELETE FROM writers WHERE at < ?1 AND at < (SELECT max(at) FROM writers)";

}  // namespace

trimmer::trimmer(writer& through)
    : through_(through),
      end_of_stretch_(through.on(), find_end_of_stretch),
      drop_keys_(through.on(), drop_keys),
      drop_last_keys_(through.on(), drop_last_keys),
      drop_sessions_(through.on(), drop_sessions),
      drop_writers_(through.on(), drop_writers) {}

result<bool> trimmer::trim(time_point before, time_point now) {
    const auto oldest_kept = std::min(before, now - least_key_age);
    bool more = false;
    const auto done = through_.change("trim", [&] {
        int code = through_.settle_keys(oldest_kept);
        if (code == SQLITE_OK) code = trim_keys(oldest_kept, more);
        if (code == SQLITE_OK) code = drop_sessions_.run(now);
        if (code == SQLITE_OK) code = drop_writers_.run(oldest_kept);
        return code;
    });
    if (!done) return done.error();
    return more;
}

int trimmer::trim_keys(time_point before, bool& more) {
    std::string end;
    {
        cursor row(end_of_stretch_, blob{walked_to_});
        more = row.next();
        if (more) end = row.text(0);
        if (row.code() != SQLITE_OK) return row.code();
    }
    const int code =
        more ? drop_keys_.run(blob{walked_to_}, blob{end}, before) : drop_last_keys_.run(blob{walked_to_}, before);
    if (code == SQLITE_OK) walked_to_ = end;
    return code;
}

}  // namespace kindred::store::sqlite
