#include "engine/store/sqlite/schema.hpp"

#include "engine/base/digest.hpp"

#include <array>
#include <cstring>

namespace kindred::store::sqlite {
namespace {

// "KNDR": tells a Kindred store from any other SQLite file.
constexpr std::int64_t application_id = 0x4B4E4452;

// Times are milliseconds since 1970 in UTC. Ticket status 6 is "resolved": anything below is open.
// Keys and conversations are found by 16 bytes of SHA-256, so that a row costs the same however long its text is.
// Nothing has more indexes than its lists need: each one is paid for in every commit.
constexpr const char* version_1 = R"sql(
CREATE TABLE site (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE writers (incarnation BLOB PRIMARY KEY, number INTEGER NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE inbox (position INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT NOT NULL, id TEXT NOT NULL,
                    at INTEGER NOT NULL, payload BLOB NOT NULL) STRICT;
CREATE TABLE keys (hash BLOB PRIMARY KEY, at INTEGER NOT NULL, ticket INTEGER NOT NULL, entry INTEGER NOT NULL)
    STRICT, WITHOUT ROWID;
CREATE TABLE customers (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, name TEXT NOT NULL, json TEXT NOT NULL) STRICT;
CREATE TABLE identities (identity TEXT PRIMARY KEY, customer INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tickets (id INTEGER PRIMARY KEY, status INTEGER NOT NULL, customer INTEGER NOT NULL, holder INTEGER NOT NULL,
                      queue TEXT NOT NULL, channel TEXT NOT NULL, conversation TEXT NOT NULL, subject TEXT NOT NULL,
                      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, entries INTEGER NOT NULL,
                      state BLOB NOT NULL) STRICT;
CREATE INDEX open_tickets ON tickets (id, status, queue) WHERE status < 6;
CREATE INDEX tickets_of_customer ON tickets (customer);
CREATE INDEX tickets_of_holder ON tickets (holder, status) WHERE holder <> 0;
CREATE INDEX tickets_of_queue ON tickets (queue);
CREATE TABLE conversations (hash BLOB PRIMARY KEY, ticket INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE entries (key INTEGER PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
CREATE TABLE agents (id INTEGER PRIMARY KEY, login TEXT NOT NULL, json TEXT NOT NULL) STRICT;
CREATE TABLE outbox (id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL, entry INTEGER NOT NULL, channel TEXT NOT NULL,
                     state INTEGER NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
CREATE INDEX pending_outbox ON outbox (id) WHERE state = 1;
CREATE INDEX outbox_of_ticket ON outbox (ticket);
CREATE TABLE journal (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE TABLE rulesets (hash TEXT PRIMARY KEY, author TEXT NOT NULL, at INTEGER NOT NULL, files BLOB NOT NULL) STRICT;
CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (hash TEXT PRIMARY KEY, agent INTEGER NOT NULL, created_at INTEGER NOT NULL,
                       used_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tokens (hash TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, created_at INTEGER NOT NULL,
                     revoked INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* version_2 = R"sql(
CREATE TABLE kept (kind TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL,
                   PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;
)sql";

// Entries in the order in which they came: kept by ticket, each further entry of an older ticket rewrote a page of its
// own.
constexpr const char* version_3 = R"sql(
ALTER TABLE entries RENAME TO entries_by_ticket;
CREATE TABLE entries (place INTEGER PRIMARY KEY, key INTEGER NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL,
                      json TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX entries_of_ticket ON entries (key);
INSERT INTO entries (key, kind, at, json) SELECT key, kind, at, json FROM entries_by_ticket ORDER BY key;
DROP TABLE entries_by_ticket;
)sql";

// What version 3 took over stood in the order of tickets; periods are found by the order in which entries came.
constexpr const char* version_4 = R"sql(
CREATE TABLE entries_by_time (place INTEGER PRIMARY KEY, key INTEGER NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL,
                              json TEXT NOT NULL) STRICT;
INSERT INTO entries_by_time (key, kind, at, json) SELECT key, kind, at, json FROM entries ORDER BY at, key;
DROP TABLE entries;
ALTER TABLE entries_by_time RENAME TO entries;
CREATE UNIQUE INDEX entries_of_ticket ON entries (key);
)sql";

// What reports ask of entries, for places `first` to `last` of their table (digest_writer.hpp). Of what was written
// before, there is none: such periods are read from the entries themselves.
constexpr const char* version_5 = R"sql(
CREATE TABLE digests (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, form INTEGER NOT NULL,
                      bytes BLOB NOT NULL) STRICT;
)sql";

// Keys whose way into the table of keys is not over (key_writer.hpp).
constexpr const char* version_6 = R"sql(
CREATE TABLE key_runs (number INTEGER PRIMARY KEY, records BLOB NOT NULL) STRICT;
)sql";

// Script n brings a file of version n to version n + 1. Scripts that were released are never changed.
constexpr std::array scripts{version_1, version_2, version_3, version_4, version_5, version_6};

// 64 MiB: SQLite 3.40 walks over the whole cache at the end of each transaction that split a page, but there is one a
// second at most, and each reads again the pages that it has no room for.
constexpr const char* writer_cache = "PRAGMA cache_size = -65536";

struct read_integer {
    int code = SQLITE_OK;
    std::int64_t value = 0;
};

read_integer pragma(const connection& on, std::string_view name) {
    const std::string sql = "PRAGMA " + std::string(name);
    statement asked(on, sql);
    cursor row(asked);
    read_integer found;
    if (row.next()) found.value = row.integer(0);
    found.code = row.code();
    return found;
}

result<void> run_all(const connection& on, std::initializer_list<const char*> commands, std::string_view tried) {
    for (const char* each : commands) {
        if (const int code = on.run(each); code != SQLITE_OK) return error_of(on, code, tried);
    }
    return {};
}

result<void> upgrade_once(const connection& on, std::size_t version) {
    const std::string stamp = "PRAGMA application_id = " + std::to_string(application_id) +
                              "; PRAGMA user_version = " + std::to_string(version + 1);
    auto done = run_all(on, {"BEGIN IMMEDIATE", scripts.at(version), stamp.c_str(), "COMMIT"},
                        "bring the schema to version " + std::to_string(version + 1));
    if (!done && on.in_transaction()) on.run("ROLLBACK");
    return done;
}

}  // namespace

result<void> prepare_writer(const connection& on, sync_level sync) {
    const char* level = sync == sync_level::full     ? "PRAGMA synchronous = FULL"
                        : sync == sync_level::normal ? "PRAGMA synchronous = NORMAL"
                                                     : "PRAGMA synchronous = OFF";
    // The journal is folded into the file by a thread of its own, never by the commit that happens to fill it.
    auto set = run_all(
        on,
        {"PRAGMA page_size = 8192", "PRAGMA journal_mode = WAL", level, "PRAGMA wal_autocheckpoint = 0",
         "PRAGMA secure_delete = FAST", "PRAGMA foreign_keys = OFF", "PRAGMA temp_store = MEMORY", writer_cache},
        "set up the store");
    if (!set) return set;
    statement asked(on, "PRAGMA journal_mode");
    cursor row(asked);
    if (!row.next()) return error_of(on, row.code(), "read the journal mode");
    if (row.text(0) != "wal") {
        return fail(errc::io, on.path() +
                                  ": this file system cannot hold the store's journal (SQLite WAL needs shared "
                                  "memory, which network file systems lack): use a local disk");
    }
    return {};
}

result<void> prepare_reader(const connection& on) {
    return run_all(on, {"PRAGMA query_only = ON", "PRAGMA temp_store = MEMORY", "PRAGMA cache_size = -16384"},
                   "set up a reader of the store");
}

result<std::size_t> identify(const connection& on) {
    const auto owner = pragma(on, "application_id");
    const auto version = pragma(on, "user_version");
    const auto tables = pragma(on, "schema_version");
    for (const auto& each : {owner, version, tables}) {
        if (each.code != SQLITE_OK) return error_of(on, each.code, "read the schema version");
    }
    if (owner.value != application_id && (owner.value != 0 || tables.value != 0)) {
        return fail(errc::corrupt, on.path() + ": this is some other program's database: name another file");
    }
    if (version.value < 0 || static_cast<std::size_t>(version.value) > scripts.size()) {
        return fail(errc::invalid, on.path() + ": schema version " + std::to_string(version.value) +
                                       " was written by a newer Kindred; this one knows up to " +
                                       std::to_string(scripts.size()));
    }
    return static_cast<std::size_t>(version.value);
}

result<void> migrate(const connection& on, std::size_t version) {
    for (auto at = version; at < scripts.size(); ++at) {
        if (auto done = upgrade_once(on, at); !done) return done;
    }
    return {};
}

result<void> renew_identity_of_log(const connection& on) {
    std::uint64_t made = 0;
    const auto random = random_bytes(sizeof made);
    std::memcpy(&made, random.data(), sizeof made);
    statement put(on, "REPLACE INTO site (name, value) VALUES ('log_identity', ?1)");
    if (const int code = put.run(made); code != SQLITE_OK) return error_of(on, code, "name the store");
    return {};
}

result<std::uint64_t> identity_of_log(const connection& on) {
    for (int tries = 0; tries < 2; ++tries) {
        statement asked(on, "SELECT value FROM site WHERE name = 'log_identity'");
        cursor row(asked);
        if (row.next()) return row.number(0);
        if (row.code() != SQLITE_OK) return error_of(on, row.code(), "read the store's name");
        if (const auto made = renew_identity_of_log(on); !made) return made.error();
    }
    return fail(errc::corrupt, on.path() + ": the store cannot keep its name");
}

}  // namespace kindred::store::sqlite
