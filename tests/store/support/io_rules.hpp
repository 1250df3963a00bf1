#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace kindred::store {

enum class io_kind { open = 1, write, sync, truncate, remove };

/// One call that SQLite makes to the disk.
struct io_call {
    io_kind kind;
    const std::string& path;
    int flags = 0;            ///< of open; of remove: whether the folder is to be synced
    std::int64_t offset = 0;  ///< of write; of truncate: the new size
    std::string_view bytes;   ///< of write
};

/// What a disk under test does to calls. Several may stand behind one shim; each is told of every call. May be called
/// from several threads.
class io_rules {
public:
    virtual ~io_rules() = default;
    /// SQLITE_OK to let the call through, else the result code that SQLite is given in its place.
    virtual int before(const io_call& call) { return SQLITE_OK; }
    /// What became of it.
    virtual void after(const io_call& call, int code) {}
};

}  // namespace kindred::store
