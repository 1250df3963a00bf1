#pragma once
#include "engine/store/sqlite/commit_log.hpp"
#include "engine/store/sqlite/health.hpp"
#include "engine/store/sqlite/row_writer.hpp"

#include <functional>
#include <mutex>

namespace kindred::store::sqlite {

/// The one connection that writes. SQLite has one write lock per file, so every change takes its turn here.
/// Thread-safe.
class writer {
public:
    /// What it knows of keys, for those who read.
    struct known_keys {
        key_filter filter;
        key_runs runs;
    };
    /// `disk` and `keys` must outlive the writer. `key_run`: the number of keys from which a transaction makes a run.
    writer(connection on, health& disk, known_keys& keys, std::size_t key_run);

    /// Inside change(): brings keys that are older than `before` into the table of keys.
    int settle_keys(time_point before) { return keys_.settle(before); }
    /// Before anything is written: takes over what the file has of runs. SQLITE_OK or why it cannot be read.
    int load_keys();

    /// Brings logged batches into the database, and how far it has come with them, in one transaction.
    commit_outcome apply(std::span<const logged_batch> batches);
    /// The same for what an earlier process committed: commits() does not count it.
    commit_outcome restore(std::span<const logged_batch> batches);
    /// The position of the last batch that the database has. SQLITE_OK or why it cannot be read.
    int read_position(std::uint64_t& position);
    /// The highest number of a batch of this incarnation that was applied, ever; 0: none.
    commit_outcome find_applied(const batch_id& id, std::uint64_t& up_to);
    result<std::vector<ingest_outcome>> ingest(std::span<const inbound_item> items);
    /// Runs `rows` in a transaction of its own, durable when this returns. `rows` answers SQLITE_OK or what went wrong.
    result<void> change(std::string_view tried, const std::function<int()>& rows);

    /// Makes digests of entries that lie at `place` and behind it, which have none. The place to go on from.
    result<std::int64_t> make_up_for(std::int64_t place);

    /// Closing the last connection will fold the journal into the file (otherwise the next start does it).
    void fold_at_close();

    /// How many batches of this process the database shows.
    std::uint64_t commits() const { return commits_.load(std::memory_order_acquire); }
    /// A batch that an earlier process applied was committed again: it is shown, too.
    void count_again() { commits_.fetch_add(1, std::memory_order_release); }
    /// How many pages the write-ahead journal held after the last transaction.
    std::size_t journal_pages() const { return journal_pages_.load(std::memory_order_relaxed); }
    const connection& on() const { return on_; }
    /// Held during every transaction: whoever holds it keeps all writes waiting.
    std::mutex& turn() { return turn_; }

private:
    commit_outcome transaction(const std::function<int()>& rows);
    int insert(const inbound_item& item, ingest_outcome& outcome);
    void roll_back();

    connection on_;
    health& disk_;
    key_filter& filter_;
    std::mutex turn_;
    statement begin_, commit_, rollback_, put_new_key_, put_inbound_, put_position_;
    key_writer keys_;
    row_writer rows_;
    std::atomic<std::uint64_t> commits_{0};
    std::atomic<std::size_t> journal_pages_{0};
};

}  // namespace kindred::store::sqlite
