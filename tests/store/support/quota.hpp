#pragma once
#include "tests/store/support/io_rules.hpp"

#include <atomic>
#include <filesystem>

namespace kindred::store {

/// A disk of limited size: a write that would make its file grow past what is left fails as a full disk does.
class quota final : public io_rules {
public:
    void leave(std::int64_t bytes) { left_ = bytes; }
    bool hit() const { return hit_; }

    int before(const io_call& call) override {
        if (call.kind != io_kind::write) return SQLITE_OK;
        std::error_code absent;
        const auto size = std::filesystem::file_size(call.path, absent);
        const auto end = call.offset + static_cast<std::int64_t>(call.bytes.size());
        const auto growth = end - (absent ? 0 : static_cast<std::int64_t>(size));
        if (growth <= 0) return SQLITE_OK;
        if (growth > left_) {
            hit_ = true;
            left_ = 0;  // a part of the write takes the last of it
            return SQLITE_FULL;
        }
        left_ -= growth;
        return SQLITE_OK;
    }

private:
    std::atomic<std::int64_t> left_{std::int64_t{1} << 40U};
    std::atomic<bool> hit_{false};
};

}  // namespace kindred::store
