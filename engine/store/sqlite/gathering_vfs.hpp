#pragma once
#include "engine/base/error.hpp"

#include <sqlite3.h>

#include <memory>
#include <string>

namespace kindred::store::sqlite {

/// A SQLite VFS that hands the write-ahead journal to the operating system in large pieces. SQLite writes a commit as
/// two small writes per page; here they wait in memory until the sync that ends the commit (or a read, or anything else
/// that could tell the difference), which saves most of the system calls. Fit for synchronous=FULL only: there nobody
/// is told of a page in the journal before that sync has returned. Everything else passes through. Registered under a
/// name of its own while it lives; connections must end before it.
class gathering_vfs {
public:
    /// `base`: the VFS below; empty: the operating system's. errc::io when there is none of that name.
    static result<std::unique_ptr<gathering_vfs>> over(const std::string& base);
    ~gathering_vfs();
    gathering_vfs(const gathering_vfs&) = delete;
    gathering_vfs& operator=(const gathering_vfs&) = delete;

    const std::string& name() const { return name_; }

private:
    struct journal;
    struct calls;

    explicit gathering_vfs(sqlite3_vfs* below);

    std::string name_;
    sqlite3_vfs own_;
};

}  // namespace kindred::store::sqlite
