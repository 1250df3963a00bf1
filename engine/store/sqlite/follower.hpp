#pragma once
#include "engine/store/sqlite/commit_log.hpp"
#include "engine/store/sqlite/writer.hpp"

#include <condition_variable>
#include <functional>
#include <optional>
#include <thread>

namespace kindred::store::sqlite {

/// Brings what the log has into the database, many batches in one transaction, on a thread of its own: rows that change
/// often are written once, and the pages that they share too. Thread-safe.
class follower {
public:
    struct settings {
        duration every = std::chrono::milliseconds{300};  ///< a batch waits at most this long
        std::size_t bytes = std::size_t{8} << 20;         ///< nor longer than until this much waits
        std::size_t most_bytes = std::size_t{64} << 20;   ///< then follow() waits
    };
    /// `to` must outlive this; `followed` is called on its thread after each transaction.
    follower(writer& to, settings pace, std::function<void()> followed);
    /// Brings in everything that waits, where that is possible; what is not possible, the next start does.
    ~follower();
    follower(const follower&) = delete;
    follower& operator=(const follower&) = delete;

    void follow(logged_batch next);
    /// Waits until the database has everything that follow() was given before. Not `committed`: why it cannot now; what
    /// waits is tried again by itself and by the next call.
    commit_outcome catch_up();
    /// What the last try came to: committed, or what keeps the database behind.
    commit_outcome standing() const;
    /// The database has everything up to this position.
    std::uint64_t position() const { return position_.load(std::memory_order_acquire); }

private:
    void run(const std::stop_token& stop);
    std::vector<logged_batch> wait_for_work(const std::stop_token& stop);
    void settle(std::vector<logged_batch> tried, commit_outcome outcome);

    writer& writer_;
    const settings pace_;
    const std::function<void()> followed_;
    std::atomic<std::uint64_t> position_{0};
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::vector<logged_batch> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::uint64_t given_ = 0;   ///< position of the last batch that was given
    std::uint64_t wanted_ = 0;  ///< somebody waits for this position
    std::uint64_t tries_ = 0;   ///< transactions that ended, well or not
    commit_outcome standing_;
    std::jthread thread_;  // last: it uses the fields above
};

}  // namespace kindred::store::sqlite
