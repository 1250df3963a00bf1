#include "engine/store/sqlite/commit_log.hpp"
#include "engine/store/sqlite/schema.hpp"
#include "engine/store/sqlite/writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

namespace kindred::store {
namespace {

using sqlite::connection;
using sqlite::error_of;
using sqlite::logged_batch;

// All pages in one step: in WAL mode that is one moment of the store, and no writer waits for it. Page by page would
// begin anew at each commit.
result<void> copy_pages(const connection& from, const connection& to) {
    sqlite3_backup* copying = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
    if (copying == nullptr) return error_of(to, sqlite3_extended_errcode(to.handle()), "begin the backup");
    const int stepped = sqlite3_backup_step(copying, -1);
    const int finished = sqlite3_backup_finish(copying);
    if (stepped == SQLITE_DONE && finished == SQLITE_OK) return {};
    return error_of(to, finished != SQLITE_OK ? finished : stepped, "write the backup");
}

result<std::uint64_t> position_of(const connection& on) {
    sqlite::statement asked(on, "SELECT value FROM site WHERE name = 'log_position'");
    sqlite::cursor row(asked);
    const std::uint64_t position = row.next() ? row.number(0) : 0;
    if (row.code() != SQLITE_OK) return error_of(on, row.code(), "read how far the store has come");
    return position;
}

/// What the log has beyond the database. The engine may take a turn of it between the reading of its two files: then
/// the database has gone on, too, and the next look finds all of it.
result<std::vector<logged_batch>> beyond(const connection& from, const sqlite_options& options) {
    const auto store = sqlite::identity_of_log(from);
    if (!store) return store.error();
    constexpr int tries = 5;
    for (int i = 1;; ++i) {
        const auto position = position_of(from);
        if (!position) return position.error();
        auto logged = sqlite::commit_log::read(options, *store, *position);
        if (logged || i == tries) return logged;
    }
}

/// The log first, then the database, which may by then have some of it: the copy gets the rest.
result<void> copy_all(const connection& from, connection to, const sqlite_options& options, backup_moment as_of) {
    result<std::vector<logged_batch>> logged(std::vector<logged_batch>{});
    if (as_of == backup_moment::now) logged = beyond(from, options);
    if (!logged) return logged.error();
    if (auto copied = copy_pages(from, to); !copied) return copied;
    const auto position = position_of(to);
    if (!position) return position.error();
    std::erase_if(*logged, [&](const logged_batch& each) { return each.position <= *position; });
    if (auto named = sqlite::renew_identity_of_log(to); !named) return named;
    if (logged->empty()) return {};
    sqlite::health disk;
    sqlite::writer::known_keys keys;
    sqlite::writer writing(std::move(to), disk, keys, options.key_run);
    if (const int code = writing.load_keys(); code != SQLITE_OK)
        return error_of(writing.on(), code, "read the latest keys");
    const auto outcome = writing.restore(*logged);
    if (outcome.state == commit_state::committed) return {};
    return fail(errc::io, "the latest commits cannot be copied: " + outcome.reason);
}

result<void> copy_into(const sqlite_options& options, const std::string& file, backup_moment as_of) {
    const auto from = connection::open({options.path, options.vfs, true, false});
    if (!from) return from.error();
    auto to = connection::open({file, options.vfs, true, true});
    if (!to) return to.error();
    // Only the file takes the copy's name: nothing of it may stay in a journal beside it.
    sqlite3_db_config(to->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    const auto* synced = as_of == backup_moment::now ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF";
    if (const int code = to->run(synced); code != SQLITE_OK) return error_of(*to, code, "set up the backup");
    return copy_all(*from, std::move(*to), options, as_of);
}

// A new name is only there after a power cut when its folder was synced.
result<void> sync_folder_of(const std::filesystem::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const auto reason = std::generic_category().message(errno);
    if (descriptor >= 0) ::close(descriptor);
    if (synced) return {};
    return fail(errc::io, folder.string() + ": cannot sync the folder: " + reason);
}

}  // namespace

result<void> backup_sqlite(const sqlite_options& options, const std::string& copy, backup_moment as_of) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (!fs::exists(options.path, ignored))
        return fail(errc::not_found, options.path + ": there is no store to back up");
    if (fs::exists(copy, ignored)) return fail(errc::conflict, copy + ": exists already: name a new file");

    // Under its own name only when it is whole.
    const std::string part = copy + ".part";
    fs::remove(part, ignored);
    if (auto copied = copy_into(options, part, as_of); !copied) {
        fs::remove(part, ignored);
        return copied;
    }
    std::error_code failed;
    fs::rename(part, copy, failed);
    if (failed) return fail(errc::io, copy + ": cannot take its name: " + failed.message());
    return as_of == backup_moment::now ? sync_folder_of(copy) : result<void>{};
}

}  // namespace kindred::store
