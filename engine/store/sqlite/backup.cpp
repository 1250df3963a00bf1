#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/sqlite.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

namespace kindred::store {
namespace {

using sqlite::connection;
using sqlite::error_of;

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

result<void> copy_into(const sqlite_options& options, const std::string& file) {
    const auto from = connection::open({options.path, options.vfs, true, false});
    if (!from) return from.error();
    const auto to = connection::open({file, options.vfs, true, true});
    if (!to) return to.error();
    if (const int code = to->run("PRAGMA synchronous = FULL"); code != SQLITE_OK) {
        return error_of(*to, code, "set up the backup");
    }
    return copy_pages(*from, *to);
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

result<void> backup_sqlite(const sqlite_options& options, const std::string& copy) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (!fs::exists(options.path, ignored))
        return fail(errc::not_found, options.path + ": there is no store to back up");
    if (fs::exists(copy, ignored)) return fail(errc::conflict, copy + ": exists already: name a new file");

    // Under its own name only when it is whole.
    const std::string part = copy + ".part";
    fs::remove(part, ignored);
    if (const auto copied = copy_into(options, part); !copied) {
        fs::remove(part, ignored);
        return copied;
    }
    std::error_code failed;
    fs::rename(part, copy, failed);
    if (failed) return fail(errc::io, copy + ": cannot take its name: " + failed.message());
    return sync_folder_of(copy);
}

}  // namespace kindred::store
