#include "tests/store/support/shim_vfs.hpp"

#include <atomic>
#include <new>

namespace kindred::store {

// SQLite allots szOsFile bytes for each file: this, and behind it the operating system's own.
struct shim_vfs::file {
    sqlite3_file base;
    const shim_vfs* owner;
    std::string* path;

    static file* of(sqlite3_file* given) { return reinterpret_cast<file*>(given); }
    static sqlite3_file* real(sqlite3_file* given) { return reinterpret_cast<sqlite3_file*>(of(given) + 1); }
};

struct shim_vfs::calls {
    static const shim_vfs& owner_of(sqlite3_vfs* vfs) { return *static_cast<const shim_vfs*>(vfs->pAppData); }

    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* given, int flags, int* out_flags) {
        const auto& owner = owner_of(vfs);
        given->pMethods = nullptr;
        const std::string path = name == nullptr ? "" : name;
        const io_call call{io_kind::open, path, flags, 0, {}};
        int code = owner.ask(call);
        if (code == SQLITE_OK) code = owner.real_->xOpen(owner.real_, name, file::real(given), flags, out_flags);
        owner.tell(call, code);
        if (code != SQLITE_OK) return code;
        file::of(given)->owner = &owner;
        file::of(given)->path = new std::string(path);
        given->pMethods = &methods;
        return SQLITE_OK;
    }
    static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
        const auto& owner = owner_of(vfs);
        const std::string path = name;
        const io_call call{io_kind::remove, path, sync_folder, 0, {}};
        int code = owner.ask(call);
        if (code == SQLITE_OK) code = owner.real_->xDelete(owner.real_, name, 0);
        owner.tell(call, code);
        return code;
    }
    static int close(sqlite3_file* given) {
        sqlite3_file* real = file::real(given);
        const int code = real->pMethods->xClose(real);
        delete file::of(given)->path;
        return code;
    }
    static int write(sqlite3_file* given, const void* data, int size, sqlite3_int64 offset) {
        const auto& self = *file::of(given);
        sqlite3_file* real = file::real(given);
        const io_call call{
            io_kind::write, *self.path, 0, offset, {static_cast<const char*>(data), static_cast<std::size_t>(size)}};
        int code = self.owner->ask(call);
        if (code == SQLITE_OK) {
            code = real->pMethods->xWrite(real, data, size, offset);
        } else {
            // A disk that refuses a write has often written a part of it.
            real->pMethods->xWrite(real, data, size / 2, offset);
        }
        self.owner->tell(call, code);
        return code;
    }
    static int truncate(sqlite3_file* given, sqlite3_int64 size) {
        const auto& self = *file::of(given);
        sqlite3_file* real = file::real(given);
        const io_call call{io_kind::truncate, *self.path, 0, size, {}};
        int code = self.owner->ask(call);
        if (code == SQLITE_OK) code = real->pMethods->xTruncate(real, size);
        self.owner->tell(call, code);
        return code;
    }
    static int sync(sqlite3_file* given, int flags) {
        const auto& self = *file::of(given);
        const io_call call{io_kind::sync, *self.path, flags, 0, {}};
        const int code = self.owner->ask(call);
        self.owner->tell(call, code);
        return code;
    }

    // The rest goes straight through.
    static int read(sqlite3_file* f, void* into, int size, sqlite3_int64 at) {
        return file::real(f)->pMethods->xRead(file::real(f), into, size, at);
    }
    static int file_size(sqlite3_file* f, sqlite3_int64* size) {
        return file::real(f)->pMethods->xFileSize(file::real(f), size);
    }
    static int lock(sqlite3_file* f, int level) { return file::real(f)->pMethods->xLock(file::real(f), level); }
    static int unlock(sqlite3_file* f, int level) { return file::real(f)->pMethods->xUnlock(file::real(f), level); }
    static int check_lock(sqlite3_file* f, int* out) {
        return file::real(f)->pMethods->xCheckReservedLock(file::real(f), out);
    }
    static int control(sqlite3_file* f, int what, void* arg) {
        return file::real(f)->pMethods->xFileControl(file::real(f), what, arg);
    }
    static int sector_size(sqlite3_file* f) { return file::real(f)->pMethods->xSectorSize(file::real(f)); }
    static int characteristics(sqlite3_file* f) {
        return file::real(f)->pMethods->xDeviceCharacteristics(file::real(f));
    }
    static int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
        return file::real(f)->pMethods->xShmMap(file::real(f), page, size, extend, out);
    }
    static int shm_lock(sqlite3_file* f, int offset, int n, int flags) {
        return file::real(f)->pMethods->xShmLock(file::real(f), offset, n, flags);
    }
    static void shm_barrier(sqlite3_file* f) { file::real(f)->pMethods->xShmBarrier(file::real(f)); }
    static int shm_unmap(sqlite3_file* f, int remove) {
        return file::real(f)->pMethods->xShmUnmap(file::real(f), remove);
    }

    static const sqlite3_io_methods methods;
};

// Version 2: no memory-mapped reads, so that every access passes here.
const sqlite3_io_methods shim_vfs::calls::methods = {
    2,         close,      read,    write,       truncate,        sync,    file_size, lock,
    unlock,    check_lock, control, sector_size, characteristics, shm_map, shm_lock,  shm_barrier,
    shm_unmap, nullptr,    nullptr};

shim_vfs::shim_vfs(std::vector<io_rules*> rules)
    : rules_(std::move(rules)), real_(sqlite3_vfs_find(nullptr)), own_(*real_) {
    static std::atomic<int> made{0};
    name_ = "shim-" + std::to_string(++made);
    own_.zName = name_.c_str();
    own_.szOsFile = static_cast<int>(sizeof(file)) + real_->szOsFile;
    own_.pAppData = this;
    own_.pNext = nullptr;
    own_.xOpen = calls::open;
    own_.xDelete = calls::remove;
    own_.xAccess = [](sqlite3_vfs* vfs, const char* name, int flags, int* out) {
        sqlite3_vfs* real = calls::owner_of(vfs).real_;
        return real->xAccess(real, name, flags, out);
    };
    own_.xFullPathname = [](sqlite3_vfs* vfs, const char* name, int size, char* out) {
        sqlite3_vfs* real = calls::owner_of(vfs).real_;
        return real->xFullPathname(real, name, size, out);
    };
    sqlite3_vfs_register(&own_, 0);
}

shim_vfs::~shim_vfs() { sqlite3_vfs_unregister(&own_); }

int shim_vfs::ask(const io_call& call) const {
    int code = SQLITE_OK;
    for (io_rules* each : rules_) {
        if (code == SQLITE_OK) code = each->before(call);
    }
    return code;
}

void shim_vfs::tell(const io_call& call, int code) const {
    for (io_rules* each : rules_) each->after(call, code);
}

}  // namespace kindred::store
