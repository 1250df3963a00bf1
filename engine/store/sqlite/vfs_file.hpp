#pragma once
#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::store::sqlite {

/// A file of our own, opened through the VFS that the database goes through: whatever stands between SQLite and its
/// disk (a test's fault, a quota) stands before this file too. Codes are SQLite's. For one thread at a time.
class vfs_file {
public:
    vfs_file() = default;
    vfs_file(vfs_file&&) noexcept = default;
    vfs_file& operator=(vfs_file&&) = delete;
    ~vfs_file() = default;

    /// `vfs`: a registered name; empty: the operating system's. The file is made when it is missing; that it exists is
    /// durable after its first sync(). `path` belongs to a database that is there already, and is named
    /// `<database>-...`: SQLite gives the file the database's permissions.
    int open(const std::string& vfs, const std::string& path);
    bool is_open() const { return file_ != nullptr; }

    /// Its length in bytes. SQLITE_OK or the extended result code.
    int size(std::int64_t& into) const;
    /// `count` bytes that the file has at `at`.
    int read(char* into, std::size_t count, std::int64_t at) const;
    int write(std::string_view bytes, std::int64_t at) const;
    /// SQLITE_IOERR_FSYNC when the disk failed: what was written since the last one may be lost, for good.
    int sync() const;
    const std::string& path() const { return path_; }

private:
    struct closer {
        void operator()(sqlite3_file* file) const;
    };
    std::vector<std::max_align_t> memory_;  ///< SQLite's files live in their user's memory
    std::vector<char> name_;
    std::string path_;
    std::unique_ptr<sqlite3_file, closer> file_;  // last: closed before its memory goes
};

}  // namespace kindred::store::sqlite
