#pragma once
#include "engine/store/sqlite/sqlite.hpp"
#include "engine/store/sqlite/vfs_file.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace kindred::store::sqlite {

/// A batch, and in a store that follows another log what says how far that has come with it.
struct placed_batch {
    std::shared_ptr<const batch> changes;
    std::optional<kept_row> place;
};

/// A batch that is durable in the log, and where.
struct logged_batch {
    std::uint64_t position = 0;  ///< 1, 2, ... over the life of the store
    std::size_t bytes = 0;
    placed_batch what;
};

/// Batches in the order of their commits, durable before the database has them: two files beside it that are written in
/// turns, each from its start again once the database has all that it held. A record says which store and which turn it
/// belongs to and carries a checksum (XXH3), so a torn or an old one ends the log. For one thread at a time.
class commit_log {
public:
    /// `database` is there already. `store` tells its records from those of another store whose files lie there. Gives
    /// what they hold behind position `after`, oldest first; errc::corrupt when something is lacking, errc::io when the
    /// files cannot be opened or read.
    result<std::vector<logged_batch>> open(const sqlite_options& database, std::uint64_t store, std::uint64_t after);

    /// The same of a store whose engine may be writing them.
    static result<std::vector<logged_batch>> read(const sqlite_options& database, std::uint64_t store,
                                                  std::uint64_t after);

    /// Begins a new turn behind what open() found: the database has all of it.
    void begin(std::uint64_t next_position);

    /// Writes the batch behind the last one and waits for the disk (unless `database.sync` says otherwise). Not
    /// SQLITE_OK: the batch may or may not be there after a crash; the next append takes its place.
    int append(const placed_batch& what, logged_batch& as);
    /// The database has everything up to this position, durably.
    void retire(std::uint64_t position) { retired_ = std::max(retired_, position); }

    /// Whether what was erased may still be read in the files.
    bool holds_what_was_erased() const { return erased_at_ != 0; }
    /// Overwrites the files where they hold what was erased and the database has all that they hold. What cannot be
    /// overwritten yet stays; the next call tries again.
    int forget_what_was_erased();

    const std::string& path() const { return active().file.path(); }

private:
    struct turn {
        vfs_file file;
        std::uint64_t highest = 0;  ///< last position in it
        std::int64_t size = 0;      ///< bytes that the disk has set aside
    };
    turn& active() { return turns_[active_]; }
    const turn& active() const { return turns_[active_]; }
    void take_turns();
    int make_room(std::int64_t end);
    static int overwrite(turn& over);

    std::array<turn, 2> turns_;
    std::size_t active_ = 0;
    std::uint64_t store_ = 0;
    std::uint64_t generation_ = 0;
    std::uint64_t next_ = 1;
    std::uint64_t retired_ = 0;
    std::uint64_t erased_at_ =
        0;                  ///< the last position that erased something; 0: none since the files were overwritten
    std::int64_t end_ = 0;  ///< of the last record
    bool synced_ = true;
    std::string record_;
};

}  // namespace kindred::store::sqlite
