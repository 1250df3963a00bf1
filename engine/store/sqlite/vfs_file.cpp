#include "engine/store/sqlite/vfs_file.hpp"

#include <algorithm>

namespace kindred::store::sqlite {
namespace {

// SQLite's unix VFS takes less than 128 KiB at once.
constexpr std::size_t largest_piece = std::size_t{64} * 1024;

}  // namespace

void vfs_file::closer::operator()(sqlite3_file* file) const {
    if (file->pMethods != nullptr) file->pMethods->xClose(file);
}

int vfs_file::open(const std::string& vfs, const std::string& path) {
    sqlite3_vfs* through = sqlite3_vfs_find(vfs.empty() ? nullptr : vfs.c_str());
    if (through == nullptr) return SQLITE_CANTOPEN;
    file_.reset();
    path_ = path;
    // A VFS may look for URI parameters behind the name: an empty text there says that there are none.
    name_.assign(path.begin(), path.end());
    name_.resize(path.size() + 4, '\0');
    memory_.assign((static_cast<std::size_t>(through->szOsFile) / sizeof(std::max_align_t)) + 1, {});
    auto* file = reinterpret_cast<sqlite3_file*>(memory_.data());
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_JOURNAL;
    int given = 0;
    const int code = through->xOpen(through, name_.data(), file, flags, &given);
    if (code == SQLITE_OK)
        file_.reset(file);
    else
        closer{}(file);
    return code;
}

int vfs_file::size(std::int64_t& into) const {
    sqlite3_int64 bytes = 0;
    const int code = file_->pMethods->xFileSize(file_.get(), &bytes);
    into = bytes;
    return code;
}

int vfs_file::read(char* into, std::size_t count, std::int64_t at) const {
    int code = SQLITE_OK;
    for (std::size_t done = 0; done < count && code == SQLITE_OK; done += largest_piece) {
        const auto piece = std::min(largest_piece, count - done);
        code = file_->pMethods->xRead(file_.get(), into + done, static_cast<int>(piece),
                                      at + static_cast<sqlite3_int64>(done));
    }
    return code;
}

int vfs_file::write(std::string_view bytes, std::int64_t at) const {
    int code = SQLITE_OK;
    for (std::size_t done = 0; done < bytes.size() && code == SQLITE_OK; done += largest_piece) {
        const auto piece = bytes.substr(done, largest_piece);
        code = file_->pMethods->xWrite(file_.get(), piece.data(), static_cast<int>(piece.size()),
                                       at + static_cast<sqlite3_int64>(done));
    }
    return code;
}

int vfs_file::sync() const { return file_->pMethods->xSync(file_.get(), SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY); }

}  // namespace kindred::store::sqlite
