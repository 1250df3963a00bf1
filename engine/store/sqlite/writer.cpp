#include "engine/store/sqlite/writer.hpp"

namespace kindred::store::sqlite {
namespace {

constexpr std::string_view put_new_key =
    "INSERT INTO keys (hash, at, ticket, entry) VALUES (?1, ?2, 0, 0) ON CONFLICT (hash) DO NOTHING";
constexpr std::string_view put_position = "REPLACE INTO site (name, value) VALUES ('log_position', ?1)";
constexpr std::string_view read_position_of_log = "SELECT value FROM site WHERE name = 'log_position'";
constexpr std::string_view put_inbound = "INSERT INTO inbox (space, id, at, payload) VALUES (?1, ?2, ?3, ?4)";

int note_journal_pages(void* pages, sqlite3*, const char*, int count) {
    static_cast<std::atomic<std::size_t>*>(pages)->store(static_cast<std::size_t>(count), std::memory_order_relaxed);
    return SQLITE_OK;
}

errc code_of(commit_state state) {
    switch (state) {
        case commit_state::unknown: return errc::unknown;
        case commit_state::fenced: return errc::fenced;
        case commit_state::broken: return errc::io;
        case commit_state::committed:
        case commit_state::refused: break;
    }
    return errc::unavailable;
}

}  // namespace

writer::writer(connection on, health& disk, known_keys& keys, std::size_t key_run)
    : on_(std::move(on)),
      disk_(disk),
      filter_(keys.filter),
      begin_(on_, "BEGIN IMMEDIATE"),
      commit_(on_, "COMMIT"),
      rollback_(on_, "ROLLBACK"),
      put_new_key_(on_, put_new_key),
      put_inbound_(on_, put_inbound),
      put_position_(on_, put_position),
      keys_(on_, keys.filter, keys.runs, key_run),
      rows_(on_, keys_) {
    sqlite3_wal_hook(on_.handle(), note_journal_pages, &journal_pages_);
}

commit_outcome writer::apply(std::span<const logged_batch> batches) {
    auto outcome = restore(batches);
    if (outcome.state == commit_state::committed) commits_.fetch_add(batches.size(), std::memory_order_release);
    return outcome;
}

commit_outcome writer::restore(std::span<const logged_batch> batches) {
    std::vector<const batch*> changes;
    const kept_row* place = nullptr;
    for (const auto& each : batches) {
        changes.push_back(each.what.changes.get());
        if (each.what.place) place = &*each.what.place;
    }
    const std::lock_guard hold(turn_);
    return transaction([&] {
        const int code = rows_.apply(changes, place);
        return code == SQLITE_OK ? put_position_.run(batches.back().position) : code;
    });
}

int writer::load_keys() {
    const std::lock_guard hold(turn_);
    return keys_.load();
}

int writer::read_position(std::uint64_t& position) {
    const std::lock_guard hold(turn_);
    statement asked(on_, read_position_of_log);
    cursor row(asked);
    position = row.next() ? row.number(0) : 0;
    return row.code();
}

commit_outcome writer::find_applied(const batch_id& id, std::uint64_t& up_to) {
    const std::lock_guard hold(turn_);
    const auto before = rows_.find_applied(id);
    if (before.code != SQLITE_OK) return outcome_of(before.code, failed_at::before_commit, on_.path(), disk_);
    up_to = before.up_to.value_or(0);
    return {};
}

result<std::vector<ingest_outcome>> writer::ingest(std::span<const inbound_item> items) {
    std::vector<ingest_outcome> placed(items.size());
    const auto done = change("take in items", [&] {
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (const int code = insert(items[i], placed[i]); code != SQLITE_OK) return code;
        }
        return SQLITE_OK;
    });
    if (!done) return done.error();
    return placed;
}

int writer::insert(const inbound_item& item, ingest_outcome& outcome) {
    const auto hash = lookup_hash_of(item.key.space, item.key.id);
    if (filter_.may_have(hash.view()) && keys_.in_a_run(hash.view())) {
        outcome = {};
        outcome.duplicate = true;
        return SQLITE_OK;
    }
    filter_.add(hash.view());
    const int code = put_new_key_.run(blob{hash.view()}, item.at);
    if (code != SQLITE_OK) return code;
    outcome = {};
    if (sqlite3_changes64(on_.handle()) == 0) {
        outcome.duplicate = true;
        return SQLITE_OK;
    }
    const int kept = put_inbound_.run(item.key.space, item.key.id, item.at, blob{item.payload});
    outcome.position = static_cast<std::uint64_t>(sqlite3_last_insert_rowid(on_.handle()));
    return kept;
}

result<void> writer::change(std::string_view tried, const std::function<int()>& rows) {
    const std::lock_guard hold(turn_);
    const auto outcome = transaction(rows);
    if (outcome.state == commit_state::committed) return {};
    return fail(code_of(outcome.state), "cannot " + std::string(tried) + ": " + outcome.reason);
}

result<std::int64_t> writer::make_up_for(std::int64_t place) {
    std::int64_t next = 0;
    const auto done = change("make digests of older entries", [&] { return rows_.digests().make_up_for(place, next); });
    if (!done) return done.error();
    return next;
}

commit_outcome writer::transaction(const std::function<int()>& rows) {
    if (disk_.broken()) return {commit_state::broken, disk_.reason()};
    int code = begin_.run();
    if (code == SQLITE_OK) code = rows();
    if (code != SQLITE_OK) {
        auto outcome = outcome_of(code, failed_at::before_commit, on_.path(), disk_);
        roll_back();
        return outcome;
    }
    code = commit_.run();
    if (code == SQLITE_OK) {
        keys_.committed();
        return {};
    }
    auto outcome = outcome_of(code, failed_at::commit, on_.path(), disk_);
    roll_back();
    return outcome;
}

void writer::roll_back() {
    rows_.forget();
    keys_.forget();
    // After some failures SQLite has already rolled back by itself.
    if (on_.in_transaction()) rollback_.run();
}

void writer::fold_at_close() { sqlite3_db_config(on_.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr); }

}  // namespace kindred::store::sqlite
