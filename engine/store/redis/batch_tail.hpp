#pragma once
#include "engine/base/error.hpp"
#include "engine/store/redis/site_log.hpp"

#include <array>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace kindred::store::redis {

/// The last batches that this node saw in the log, in two files beside its copy that are written in turns: what a
/// failover of Redis lost can be put back from there. Not synced: it outlives this process, not this machine.
/// Thread-safe.
class batch_tail {
public:
    /// `path`: what the names of its files begin with. `bytes`: of both together, about. `erase_within`: how long what
    /// was erased may stay in them.
    batch_tail(std::string path, std::size_t bytes, std::chrono::milliseconds erase_within);
    ~batch_tail();
    batch_tail(const batch_tail&) = delete;
    batch_tail& operator=(const batch_tail&) = delete;

    /// errc::io: the files cannot be made or read.
    result<void> open();

    /// `erases`: what the batch takes away is to leave the files, too. Where this fails, which is logged, the node goes
    /// on: it has less to put back.
    void add(const log_record& record, bool erases);
    /// All batches behind `from` up to `to`, in their order. Nothing: it has not all of them.
    std::optional<std::vector<log_record>> between(const log_end& from, const log_end& to) const;
    /// All that it has, oldest first.
    std::vector<log_record> all() const;

    /// Looks whether the time of what was erased is over.
    void tidy();
    /// Its files get the names that begin with `path`, and it begins with nothing.
    result<void> set_aside(const std::string& path);

private:
    struct half {
        int descriptor = -1;
        std::size_t size = 0;
        std::uint64_t last = 0;  ///< number of its last batch
        bool erases = false;     ///< one of its batches does
    };
    using steady = std::chrono::steady_clock;

    std::string name_of(std::size_t which) const { return path_ + std::to_string(which); }
    result<void> open_held();
    void close_held();
    void tidy_held();
    void empty(half& one);
    std::vector<log_record> all_held() const;

    const std::string path_;
    const std::size_t half_bytes_;
    const std::chrono::milliseconds erase_within_;
    mutable std::mutex mutex_;
    std::array<half, 2> halves_;
    std::size_t active_ = 0;
    std::optional<steady::time_point> forget_at_;
    bool is_failing_ = false;
};

}  // namespace kindred::store::redis
