#include "engine/store/sqlite/connection.hpp"

namespace kindred::store::sqlite {
namespace {

errc code_for(int sqlite_code) {
    switch (sqlite_code & 0xff) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return errc::corrupt;
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return errc::overloaded;
        case SQLITE_FULL:
        case SQLITE_NOMEM: return errc::unavailable;
        default: return errc::io;
    }
}

std::string_view advice_for(int sqlite_code) {
    switch (sqlite_code & 0xff) {
        case SQLITE_FULL: return "; free some space on that disk";
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM: return "; check that the folder exists and that this user may write there";
        case SQLITE_CORRUPT: return "; restore a backup";
        case SQLITE_NOTADB: return "; the file is not a database: name another one";
        default: return "";
    }
}

}  // namespace

std::string describe(int code) {
    // The plain code's text says "disk I/O error"; the extended number tells a failed read from a failed sync.
    return std::string(sqlite3_errstr(code)) + " (SQLite code " + std::to_string(code) + ")";
}

error error_of(std::string_view path, int code, std::string_view tried) {
    return fail(code_for(code), std::string(path) + ": cannot " + std::string(tried) + ": " + describe(code) +
                                    std::string(advice_for(code)));
}

error error_of(const connection& on, int code, std::string_view tried) { return error_of(on.path(), code, tried); }

void allocate_without_counting() {
    static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)once;
}

result<connection> connection::open(const settings& wanted) {
    allocate_without_counting();
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= wanted.writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    if (wanted.create) flags |= SQLITE_OPEN_CREATE;
    sqlite3* raw = nullptr;
    const int code =
        sqlite3_open_v2(wanted.path.c_str(), &raw, flags, wanted.vfs.empty() ? nullptr : wanted.vfs.c_str());
    connection opened(raw, wanted.path);
    if (code != SQLITE_OK) return error_of(wanted.path, code, "open the store");
    // Only a start after a crash makes connections wait for each other, while one of them recovers the journal.
    sqlite3_busy_timeout(raw, 2000);
    // Only an orderly end of the whole store folds its journal; a failed start or a look from outside leaves it alone.
    sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return opened;
}

int statement::prepare() {
    if (prepared_) return SQLITE_OK;
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v3(database_, sql_.data(), static_cast<int>(sql_.size()),
                                        SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    prepared_.reset(made);
    return code;
}

int statement::bind(int position, std::string_view text) {
    // A null pointer would bind NULL, which is not the empty text.
    return sqlite3_bind_text64(prepared_.get(), position, text.data() != nullptr ? text.data() : "", text.size(),
                               SQLITE_STATIC, SQLITE_UTF8);
}

int statement::bind(int position, blob value) {
    return sqlite3_bind_blob64(prepared_.get(), position, value.bytes.data() != nullptr ? value.bytes.data() : "",
                               value.bytes.size(), SQLITE_STATIC);
}

bool cursor::next() {
    if (code_ != SQLITE_OK && code_ != SQLITE_ROW) return false;
    code_ = sqlite3_step(of_.prepared_.get());
    return code_ == SQLITE_ROW;
}

std::string cursor::text(int column) const { return std::string(view(column)); }

std::string_view cursor::view(int column) const {
    const void* bytes = sqlite3_column_blob(of_.prepared_.get(), column);
    const int size = sqlite3_column_bytes(of_.prepared_.get(), column);
    if (bytes == nullptr) return {};
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

}  // namespace kindred::store::sqlite
