#pragma once
#include "engine/store/store.hpp"

#include <atomic>
#include <mutex>
#include <string>

namespace kindred::store::sqlite {

/// Whether the disk can still be believed. After one failed fsync it cannot: a later one may report success for pages
/// that were never written, so nothing may be acknowledged any more. Thread-safe; there is no way back but a restart.
class health {
public:
    bool broken() const { return broken_.load(std::memory_order_acquire); }
    std::string reason() const;
    void break_because(std::string reason);

private:
    std::atomic<bool> broken_{false};
    mutable std::mutex mutex_;
    std::string reason_;
};

/// Where in a transaction SQLite complained.
enum class failed_at { before_commit = 1, commit };

/// What a failure means for the one who waits for the batch. Notes in `disk` what cannot be trusted any more.
/// A full disk and a busy file surely did not commit; a failed read or write did not either, unless it was the commit's
/// own; a failed fsync and a damaged file mean that nothing can be promised.
commit_outcome outcome_of(int code, failed_at where, std::string_view path, health& disk);

/// Whether the code says that bytes were lost or damaged, whoever met it.
bool breaks_trust(int code);

}  // namespace kindred::store::sqlite
