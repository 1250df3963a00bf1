#pragma once
#include "engine/store/sqlite/health.hpp"
#include "engine/store/sqlite/row_writer.hpp"

#include <functional>
#include <mutex>

namespace kindred::store::sqlite {

/// The one connection that writes. SQLite has one write lock per file, so every change takes its turn here.
/// Thread-safe.
class writer {
public:
    /// `disk` must outlive the writer.
    writer(connection on, health& disk);

    commit_outcome commit(const batch& changes);
    result<std::vector<ingest_outcome>> ingest(std::span<const inbound_item> items);
    /// Runs `rows` in a transaction of its own, durable when this returns. `rows` answers SQLITE_OK or what went wrong.
    result<void> change(std::string_view tried, const std::function<int()>& rows);

    /// Closing the last connection will fold the journal into the file (otherwise the next start does it).
    void fold_at_close();

    std::uint64_t commits() const { return commits_.load(std::memory_order_acquire); }
    /// How many pages the write-ahead journal held after the last transaction.
    std::size_t journal_pages() const { return journal_pages_.load(std::memory_order_relaxed); }
    const connection& on() const { return on_; }
    /// Held during every transaction: whoever holds it keeps all writes waiting.
    std::mutex& turn() { return turn_; }

private:
    commit_outcome transaction(const std::function<int()>& rows);
    int insert(const inbound_item& item, ingest_outcome& outcome);
    void count(const batch_id& id);
    void roll_back();

    connection on_;
    health& disk_;
    std::mutex turn_;
    statement begin_, commit_, rollback_, put_new_key_, put_inbound_;
    row_writer rows_;
    batch_id counted_;
    std::atomic<std::uint64_t> commits_{0};
    std::atomic<std::size_t> journal_pages_{0};
};

}  // namespace kindred::store::sqlite
