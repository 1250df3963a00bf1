#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace kindred::store::sqlite {

/// To be called before anything else of SQLite: switches off the count of its memory, which nobody asks for and which
/// takes a lock of the whole process for each allocation. Without effect once SQLite has started.
void allocate_without_counting();

/// One open connection, closed at the end of its life after everything that was prepared on it. For one thread at a
/// time: whoever shares one guards it with a lock.
class connection {
public:
    struct settings {
        std::string path;
        std::string vfs;  ///< empty: the default
        bool writable = true;
        bool create = false;
    };

    static result<connection> open(const settings& wanted);

    sqlite3* handle() const { return handle_.get(); }
    const std::string& path() const { return path_; }

    /// Runs SQL that has no parameters and whose rows nobody wants. SQLITE_OK or SQLite's extended result code.
    int run(const char* sql) const { return sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr); }
    /// Whether a transaction is under way.
    bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

private:
    struct closer {
        void operator()(sqlite3* open) const { sqlite3_close_v2(open); }
    };

    connection(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}

    std::unique_ptr<sqlite3, closer> handle_;
    std::string path_;
};

/// SQLite's complaint as one of our errors: where, what was tried, why, and what to do when that is known.
error error_of(const connection& on, int code, std::string_view tried);
error error_of(std::string_view path, int code, std::string_view tried);
/// One sentence about a result code.
std::string describe(int code);

/// Bytes, as opposed to text.
struct blob {
    std::string_view bytes;
};

/// One SQL text, prepared at its first use and kept. Bound text and blobs must outlive the step.
class statement {
public:
    /// `sql` must outlive the statement, and so must the connection.
    statement(const connection& on, std::string_view sql) : database_(on.handle()), sql_(sql) {}

    /// Binds all parameters, runs to the end and resets: for writes. SQLITE_OK or the extended result code.
    template <class... Values>
    int run(const Values&... values) {
        int code = start(values...);
        if (code != SQLITE_OK) return code;
        do code = sqlite3_step(prepared_.get());
        while (code == SQLITE_ROW);
        sqlite3_reset(prepared_.get());
        return code == SQLITE_DONE ? SQLITE_OK : code;
    }
    /// How many rows the connection's last write changed: ask right after run().
    std::int64_t changed_rows() const { return sqlite3_changes64(database_); }

private:
    friend class cursor;

    struct finalizer {
        void operator()(sqlite3_stmt* done) const { sqlite3_finalize(done); }
    };

    template <class... Values>
    int start(const Values&... values) {
        int code = prepare();
        int position = 0;
        ((code == SQLITE_OK ? void(code = bind(++position, values)) : void()), ...);
        return code;
    }

    int prepare();
    int bind(int position, std::int64_t value) { return sqlite3_bind_int64(prepared_.get(), position, value); }
    int bind(int position, std::uint64_t value) { return bind(position, static_cast<std::int64_t>(value)); }
    int bind(int position, std::uint32_t value) { return bind(position, static_cast<std::int64_t>(value)); }
    int bind(int position, int value) { return bind(position, static_cast<std::int64_t>(value)); }
    int bind(int position, time_point at) { return bind(position, to_millis(at)); }
    int bind(int position, std::string_view text);
    int bind(int position, const std::string& text) { return bind(position, std::string_view(text)); }
    int bind(int position, blob value);

    sqlite3* database_;
    std::string_view sql_;
    std::unique_ptr<sqlite3_stmt, finalizer> prepared_;
};

/// One run of a reading statement: next() until it is false, then code() tells whether that was the end or a failure.
class cursor {
public:
    template <class... Values>
    explicit cursor(statement& of, const Values&... values) : of_(of), code_(of.start(values...)) {}
    ~cursor() {
        if (of_.prepared_) sqlite3_reset(of_.prepared_.get());
    }
    cursor(const cursor&) = delete;
    cursor& operator=(const cursor&) = delete;

    bool next();
    /// SQLITE_OK when everything was read, or is still being read, without failure.
    int code() const { return code_ == SQLITE_ROW || code_ == SQLITE_DONE ? SQLITE_OK : code_; }

    std::int64_t integer(int column) const { return sqlite3_column_int64(of_.prepared_.get(), column); }
    std::uint64_t number(int column) const { return static_cast<std::uint64_t>(integer(column)); }
    std::uint32_t small_number(int column) const { return static_cast<std::uint32_t>(integer(column)); }
    time_point time(int column) const { return from_millis(integer(column)); }
    /// A copy of the text or blob.
    std::string text(int column) const;
    /// The text or blob itself, until the next step.
    std::string_view view(int column) const;

private:
    statement& of_;
    int code_;
};

}  // namespace kindred::store::sqlite
