#pragma once
#include "engine/base/error.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace kindred::store::redis {

/// The last records of something, in two files that are written in turns: the oldest go by themselves. What is torn, or
/// of another program, ends a file. Not synced unless told so. When each was written is known by the minute after a
/// start. For one thread at a time.
class record_ring {
public:
    using clock = std::chrono::system_clock;

    /// `path`: what the names of its files begin with. `bytes`: of both together, about. `turn_after`: they take turns
    /// also when the oldest record of the one that is written is as old as that.
    record_ring(std::string path, std::size_t bytes, std::optional<std::chrono::milliseconds> turn_after = {});
    ~record_ring();
    record_ring(const record_ring&) = delete;
    record_ring& operator=(const record_ring&) = delete;

    /// errc::io: the files cannot be made or read.
    result<void> open();
    /// `number` is not below that of the record before. False: it cannot be written, errno says why.
    bool add(std::uint64_t number, bool marked, std::string_view bytes, clock::time_point now = clock::now());
    /// Afterwards there is no record from longer than twice `turn_after` ago, and all from within it are.
    void tidy(clock::time_point now = clock::now());
    /// Waits until the disk has what was added last. False: it has failed, errno says why.
    bool sync() const;
    /// Of the file that is written now; what was added since it had that size is taken back.
    std::size_t size() const { return halves_.at(active_).size; }
    void shorten(std::size_t size);
    /// All records, oldest first.
    void each(const std::function<void(std::uint64_t number, std::string_view bytes)>& told) const;
    /// Of the newest record; 0: there is none.
    std::uint64_t newest() const;
    bool has_marked() const { return halves_[0].marked || halves_[1].marked; }
    void empty();
    /// Its files get names that begin with `path`, and it begins with nothing.
    result<void> set_aside(const std::string& path);

private:
    struct half {
        int descriptor = -1;
        std::size_t size = 0;
        std::uint64_t last = 0;
        bool marked = false;
        std::optional<clock::time_point> since;  ///< of its oldest record
    };
    std::string name_of(std::size_t which) const { return path_ + std::to_string(which); }
    void close();
    void take_turns();
    bool is_over(const half& one, int turns, clock::time_point now) const;
    static void empty(half& one);

    const std::string path_;
    const std::size_t half_bytes_;
    const std::optional<std::chrono::milliseconds> turn_after_;
    std::array<half, 2> halves_;
    std::size_t active_ = 0;
    std::string out_;
};

/// A new name is there after a power cut once its folder was synced.
result<void> sync_folder_of(const std::string& file);

}  // namespace kindred::store::redis
