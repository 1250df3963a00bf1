#include "engine/store/sqlite/gathering_vfs.hpp"

#include "engine/store/sqlite/connection.hpp"

#include <atomic>

namespace kindred::store::sqlite {
namespace {

sqlite3_vfs* below(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

}  // namespace

// SQLite allots the memory of a file: this, and behind it the file below.
struct gathering_vfs::journal {
    sqlite3_file base;
    std::string* waiting;  ///< bytes that lie one behind the other from `offset` on
    sqlite3_int64 offset;

    static journal& of(sqlite3_file* file) { return *reinterpret_cast<journal*>(file); }
    static sqlite3_file* below(sqlite3_file* file) { return reinterpret_cast<sqlite3_file*>(&of(file) + 1); }

    /// Writes what waits. It waits no more even if that fails: SQLite gives up the transaction then.
    static int flush(sqlite3_file* file) {
        auto& self = of(file);
        sqlite3_file* to = below(file);
        int code = SQLITE_OK;
        for (std::size_t done = 0; done < self.waiting->size() && code == SQLITE_OK; done += largest_write) {
            const auto piece = std::string_view(*self.waiting).substr(done, largest_write);
            code = to->pMethods->xWrite(to, piece.data(), static_cast<int>(piece.size()),
                                        self.offset + static_cast<sqlite3_int64>(done));
        }
        self.waiting->clear();
        return code;
    }

    // SQLite's unix VFS takes less than 128 KiB at once.
    static constexpr std::size_t largest_write = std::size_t{64} * 1024;
};

struct gathering_vfs::calls {
    // A commit of a hundred contacts; more than this goes out in several pieces.
    static constexpr std::size_t most_waiting = std::size_t{1} << 20U;

    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
        sqlite3_vfs* real = ::kindred::store::sqlite::below(vfs);
        if ((flags & SQLITE_OPEN_WAL) == 0) return real->xOpen(real, name, file, flags, out_flags);
        file->pMethods = nullptr;
        const int code = real->xOpen(real, name, journal::below(file), flags, out_flags);
        if (code != SQLITE_OK) return code;
        journal::of(file).waiting = new std::string;
        file->pMethods = &methods;
        return SQLITE_OK;
    }

    static int close(sqlite3_file* file) {
        const int flushed = journal::flush(file);
        delete journal::of(file).waiting;
        const int closed = journal::below(file)->pMethods->xClose(journal::below(file));
        return flushed != SQLITE_OK ? flushed : closed;
    }

    static int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
        auto& self = journal::of(file);
        const bool goes_on = offset == self.offset + static_cast<sqlite3_int64>(self.waiting->size());
        if (!goes_on || self.waiting->size() >= most_waiting) {
            if (const int code = journal::flush(file); code != SQLITE_OK) return code;
        }
        if (self.waiting->empty()) self.offset = offset;
        self.waiting->append(static_cast<const char*>(data), static_cast<std::size_t>(size));
        return SQLITE_OK;
    }

    /// Calls the same method of the file below, once nothing waits any more.
    template <auto Method, class... Arguments>
    static int flush_then(sqlite3_file* file, Arguments... arguments) {
        if (const int code = journal::flush(file); code != SQLITE_OK) return code;
        sqlite3_file* real = journal::below(file);
        return (real->pMethods->*Method)(real, arguments...);
    }
    template <auto Method, class... Arguments>
    static int pass(sqlite3_file* file, Arguments... arguments) {
        sqlite3_file* real = journal::below(file);
        return (real->pMethods->*Method)(real, arguments...);
    }

    static const sqlite3_io_methods methods;
};

// Version 1: a journal is neither shared memory nor mapped.
const sqlite3_io_methods gathering_vfs::calls::methods = {1,
                                                          close,
                                                          flush_then<&sqlite3_io_methods::xRead>,
                                                          write,
                                                          flush_then<&sqlite3_io_methods::xTruncate>,
                                                          flush_then<&sqlite3_io_methods::xSync>,
                                                          flush_then<&sqlite3_io_methods::xFileSize>,
                                                          pass<&sqlite3_io_methods::xLock>,
                                                          pass<&sqlite3_io_methods::xUnlock>,
                                                          pass<&sqlite3_io_methods::xCheckReservedLock>,
                                                          pass<&sqlite3_io_methods::xFileControl>,
                                                          pass<&sqlite3_io_methods::xSectorSize>,
                                                          pass<&sqlite3_io_methods::xDeviceCharacteristics>,
                                                          nullptr,
                                                          nullptr,
                                                          nullptr,
                                                          nullptr,
                                                          nullptr,
                                                          nullptr};

result<std::unique_ptr<gathering_vfs>> gathering_vfs::over(const std::string& base) {
    allocate_without_counting();
    sqlite3_vfs* found = sqlite3_vfs_find(base.empty() ? nullptr : base.c_str());
    if (found == nullptr) return fail(errc::io, "SQLite has no VFS named " + base);
    return std::unique_ptr<gathering_vfs>(new gathering_vfs(found));
}

gathering_vfs::gathering_vfs(sqlite3_vfs* real) : own_(*real) {
    static std::atomic<unsigned> made{0};
    name_ = "kindred-gathering-" + std::to_string(++made);
    own_.zName = name_.c_str();
    own_.szOsFile = static_cast<int>(sizeof(journal)) + real->szOsFile;
    own_.pAppData = real;
    own_.pNext = nullptr;
    own_.xOpen = calls::open;
    // The VFS below finds its own data through the pointer it is given.
    own_.xDelete = [](sqlite3_vfs* vfs, const char* name, int sync) {
        return below(vfs)->xDelete(below(vfs), name, sync);
    };
    own_.xAccess = [](sqlite3_vfs* vfs, const char* name, int flags, int* out) {
        return below(vfs)->xAccess(below(vfs), name, flags, out);
    };
    own_.xFullPathname = [](sqlite3_vfs* vfs, const char* name, int size, char* out) {
        return below(vfs)->xFullPathname(below(vfs), name, size, out);
    };
    sqlite3_vfs_register(&own_, 0);
}

gathering_vfs::~gathering_vfs() { sqlite3_vfs_unregister(&own_); }

}  // namespace kindred::store::sqlite
