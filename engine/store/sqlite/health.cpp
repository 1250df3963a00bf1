#include "engine/store/sqlite/health.hpp"

#include "engine/store/sqlite/connection.hpp"

namespace kindred::store::sqlite {

std::string health::reason() const {
    const std::lock_guard hold(mutex_);
    return reason_;
}

void health::break_because(std::string reason) {
    {
        const std::lock_guard hold(mutex_);
        if (reason_.empty()) reason_ = std::move(reason);
    }
    broken_.store(true, std::memory_order_release);
}

bool breaks_trust(int code) {
    if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) return true;
    const int kind = code & 0xff;
    return kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB;
}

commit_outcome outcome_of(int code, failed_at where, std::string_view path, health& disk) {
    const bool at_commit = where == failed_at::commit;
    std::string reason = error_of(path, code, at_commit ? "commit" : "write a batch").message;
    if (breaks_trust(code)) {
        disk.break_because(reason);
        return {commit_state::broken, std::move(reason)};
    }
    const bool io_error = (code & 0xff) == SQLITE_IOERR;
    return {at_commit && io_error ? commit_state::unknown : commit_state::refused, std::move(reason)};
}

}  // namespace kindred::store::sqlite
