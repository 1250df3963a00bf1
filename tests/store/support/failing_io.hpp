#pragma once
#include "tests/store/support/io_rules.hpp"

#include <atomic>

namespace kindred::store {

/// What the operating system answers to the call that fails.
enum class disk_fault { io_error = 1, no_space };

/// Lets the `nth` call (from 1) fail, and if `sticky` all after it.
class failing_io final : public io_rules {
public:
    failing_io(std::uint64_t nth, disk_fault fault, bool sticky) : nth_(nth), fault_(fault), sticky_(sticky) {}

    int before(const io_call& call) override {
        const auto number = ++calls_;
        if (healed_ || number < nth_ || (number > nth_ && !sticky_)) return SQLITE_OK;
        failed_ = true;
        if (call.kind == io_kind::sync) sync_failed_ = true;
        return code_for(call.kind);
    }

    /// From now on everything works.
    void heal() { healed_ = true; }
    bool stays() const { return sticky_; }
    bool failed() const { return failed_; }
    bool sync_failed() const { return sync_failed_; }

private:
    // As SQLite's own unix VFS translates EIO and ENOSPC.
    int code_for(io_kind kind) const {
        switch (kind) {
            case io_kind::open: return SQLITE_CANTOPEN;
            case io_kind::write: return fault_ == disk_fault::no_space ? SQLITE_FULL : SQLITE_IOERR_WRITE;
            case io_kind::sync: return SQLITE_IOERR_FSYNC;
            case io_kind::truncate: return SQLITE_IOERR_TRUNCATE;
            case io_kind::remove: break;
        }
        return SQLITE_IOERR_DELETE;
    }

    const std::uint64_t nth_;
    const disk_fault fault_;
    const bool sticky_;
    std::atomic<std::uint64_t> calls_{0};
    std::atomic<bool> healed_{false};
    std::atomic<bool> failed_{false};
    std::atomic<bool> sync_failed_{false};
};

}  // namespace kindred::store
