#pragma once
#include "engine/store/sqlite/writer.hpp"

#include <condition_variable>
#include <thread>

namespace kindred::store::sqlite {

/// Folds the write-ahead journal into the database file, on a thread and a connection of its own, so that no commit
/// waits for it. Joined at the end of its life.
class checkpoints {
public:
    /// `of` and `disk` must outlive this. `pages`: the journal's size from which it is worth while.
    checkpoints(connection on, std::size_t pages, writer& of, health& disk);
    ~checkpoints();
    checkpoints(const checkpoints&) = delete;
    checkpoints& operator=(const checkpoints&) = delete;

    /// To be called after commits; wakes the thread when the journal has grown enough.
    void note_growth();
    /// Folds now what can be folded, on the caller's thread. SQLITE_OK or the extended result code.
    int fold();

private:
    struct progress {
        int code = SQLITE_OK;
        int in_journal = 0;
        int folded = 0;
    };

    void run(const std::stop_token& stop);
    progress fold_once();
    void judge(int code);

    connection on_;
    const std::size_t pages_;
    writer& writer_;
    health& disk_;
    std::mutex folding_;
    std::mutex mutex_;
    std::condition_variable_any grown_;
    bool due_ = false;
    std::size_t seen_ = 0;  ///< the journal's pages when it was last looked at
    std::size_t due_at_;    ///< the journal's pages that make the next folding due
    std::jthread thread_;   // last: it uses the fields above
};

}  // namespace kindred::store::sqlite
