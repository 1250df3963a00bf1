#pragma once
#include "engine/store/store.hpp"

namespace kindred::store {

/// How far a commit waits for the disk. Only `full` keeps the promise that a committed batch survives a power cut;
/// the others exist for tests and for measuring what that promise costs.
enum class sync_level { full = 1, normal, off };

struct sqlite_options {
    std::string path;                     ///< the database file; its folder is made when missing
    std::size_t readers = 3;              ///< connections that serve reads, at least 1
    std::size_t checkpoint_pages = 8000;  ///< the journal's size (pages of 8 KiB) at which it is folded into the file
    duration follow_every = std::chrono::milliseconds{1000};  ///< how long the file stays behind the log of commits
    std::size_t follow_bytes = std::size_t{24} << 20;         ///< and by how much at most, before it follows
    std::size_t key_run = 512;  ///< from so many new keys on, a transaction writes them as one row first
    std::string vfs;            ///< name of a registered SQLite VFS; empty: the operating system's
    sync_level sync = sync_level::full;
};

/// Opens or makes the store at `options.path` for this process alone and brings its schema up to date.
/// errc::conflict: another process has it open. errc::io: the path cannot be read or written. errc::corrupt: the file
/// is damaged, or not a Kindred store. errc::invalid: a newer version of Kindred wrote it.
result<std::unique_ptr<store>> open_sqlite(const sqlite_options& options);

/// A store that follows a log of somebody else's.
class following_store : public store {
public:
    using store::commit;
    /// With each batch a row of its own, in the same transaction: how far it has come.
    virtual commit_outcome commit(std::shared_ptr<const batch> changes, kept_row place) = 0;
};
result<std::unique_ptr<following_store>> open_sqlite_copy(const sqlite_options& options);

/// Reads every page of the store and checks its structure (SQLite's quick_check); works beside a running engine.
/// errc::corrupt with the first finding when it is damaged.
result<void> quick_check(const sqlite_options& options);

/// Which moment of a store a backup is of.
enum class backup_moment {
    now = 1,  ///< what was committed last is in it
    lately,   ///< what the database has, `follow_every` or `follow_bytes` behind at most; for use at once: not synced
};

/// Copies the store, which a running engine may be writing, into the new file `copy`: one consistent moment of it.
/// errc::conflict: `copy` exists. errc::not_found: there is no store at the path.
result<void> backup_sqlite(const sqlite_options& options, const std::string& copy,
                           backup_moment as_of = backup_moment::now);

}  // namespace kindred::store
