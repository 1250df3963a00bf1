#include "engine/store/redis/record_ring.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>

namespace kindred::store::redis {
namespace {

/// In front of each record.
struct record_header {
    std::uint64_t checksum = 0;  ///< of all behind it
    std::uint64_t number = 0;
    std::uint32_t bytes = 0;
    std::uint32_t minute_and_mark = 0;  ///< minutes since 1970, twice, and 1 for one that is marked
};

std::uint64_t checksum_of(std::string_view record) {
    constexpr auto behind = sizeof(record_header::checksum);
    return XXH3_64bits(record.data() + behind, record.size() - behind);
}

std::uint32_t minute_of(record_ring::clock::time_point at) {
    return static_cast<std::uint32_t>(std::chrono::floor<std::chrono::minutes>(at.time_since_epoch()).count());
}

/// Nothing: an earlier version wrote it, which did not say.
std::optional<record_ring::clock::time_point> written_at(std::uint32_t minute) {
    if (minute == 0) return std::nullopt;
    return record_ring::clock::time_point(std::chrono::minutes{minute});
}

struct read_record {
    std::uint64_t number = 0;
    bool marked = false;
    std::optional<record_ring::clock::time_point> at;
    std::string_view bytes;
};

/// The record that the bytes begin with, which it takes from them.
std::optional<read_record> take(std::string_view& from) {
    record_header header;
    if (from.size() < sizeof header) return std::nullopt;
    std::memcpy(&header, from.data(), sizeof header);
    const auto size = sizeof header + header.bytes;
    if (from.size() < size || checksum_of(from.substr(0, size)) != header.checksum) return std::nullopt;
    const read_record read{header.number, header.minute_and_mark % 2 != 0, written_at(header.minute_and_mark / 2),
                           from.substr(sizeof header, header.bytes)};
    from.remove_prefix(size);
    return read;
}

std::string whole(int descriptor) {
    std::string all;
    std::string some(std::size_t{1} << 20, '\0');
    while (true) {
        const auto got = ::pread(descriptor, some.data(), some.size(), static_cast<off_t>(all.size()));
        if (got <= 0) return all;
        all.append(some, 0, static_cast<std::size_t>(got));
    }
}

bool write_all(int descriptor, std::string_view bytes, std::size_t at) {
    while (!bytes.empty()) {
        const auto wrote = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
        at += static_cast<std::size_t>(wrote);
    }
    return true;
}

}  // namespace

record_ring::record_ring(std::string path, std::size_t bytes, std::optional<std::chrono::milliseconds> turn_after)
    : path_(std::move(path)), half_bytes_(bytes / 2), turn_after_(turn_after) {}

record_ring::~record_ring() { close(); }

result<void> record_ring::open() {
    constexpr auto owner_only = 0600;
    for (std::size_t i = 0; i < halves_.size(); ++i) {
        auto& one = halves_.at(i);
        one = {};
        one.descriptor = ::open(name_of(i).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only);
        if (one.descriptor < 0)
            return fail(errc::io, name_of(i) + ": cannot be opened: " + std::generic_category().message(errno));
        const auto bytes = whole(one.descriptor);
        std::string_view rest = bytes;
        while (const auto read = take(rest)) {
            one.last = read->number;
            one.marked = one.marked || read->marked;
            if (!one.since) one.since = read->at.value_or(clock::now());
        }
        one.size = bytes.size() - rest.size();
    }
    active_ = halves_[1].last > halves_[0].last ? 1 : 0;
    return {};
}

void record_ring::close() {
    for (auto& one : halves_)
        if (one.descriptor >= 0) ::close(one.descriptor);
    halves_ = {};
}

void record_ring::empty(half& one) {
    // Where that fails, the records behind the size are not read any more.
    if (one.descriptor >= 0 && ::ftruncate(one.descriptor, 0) != 0) (void)write_all(one.descriptor, "torn", 0);
    one = {one.descriptor, 0, 0, false, {}};
}

void record_ring::empty() {
    for (auto& one : halves_) empty(one);
}

void record_ring::take_turns() {
    active_ = 1 - active_;
    empty(halves_.at(active_));
}

bool record_ring::is_over(const half& one, int turns, clock::time_point now) const {
    return turn_after_ && one.since && now - *one.since >= turns * *turn_after_;
}

void record_ring::tidy(clock::time_point now) {
    if (is_over(halves_.at(active_), 1, now)) take_turns();
    // It was written for no longer than one turn.
    if (auto& other = halves_.at(1 - active_); is_over(other, 2, now)) empty(other);
}

bool record_ring::add(std::uint64_t number, bool marked, std::string_view bytes, clock::time_point now) {
    tidy(now);
    if (halves_.at(active_).size >= half_bytes_) take_turns();
    auto& to = halves_.at(active_);
    record_header header{0, number, static_cast<std::uint32_t>(bytes.size()), minute_of(now) * 2 + (marked ? 1U : 0U)};
    out_.assign(reinterpret_cast<const char*>(&header), sizeof header).append(bytes);
    header.checksum = checksum_of(out_);
    std::memcpy(out_.data(), &header, sizeof header);
    if (to.descriptor < 0 || !write_all(to.descriptor, out_, to.size)) return false;
    to.size += out_.size();
    to.last = number;
    to.marked = to.marked || marked;
    if (!to.since) to.since = now;
    return true;
}

bool record_ring::sync() const {
    const auto descriptor = halves_.at(active_).descriptor;
    return descriptor >= 0 && ::fdatasync(descriptor) == 0;
}

void record_ring::shorten(std::size_t size) {
    auto& one = halves_.at(active_);
    if (one.descriptor >= 0 && ::ftruncate(one.descriptor, static_cast<off_t>(size)) == 0) one.size = size;
}

void record_ring::each(const std::function<void(std::uint64_t, std::string_view)>& told) const {
    for (std::size_t i = 0; i < halves_.size(); ++i) {
        const auto& one = halves_.at((active_ + 1 + i) % halves_.size());
        if (one.descriptor < 0) continue;
        const auto bytes = whole(one.descriptor);
        auto rest = std::string_view(bytes).substr(0, one.size);
        while (const auto read = take(rest)) told(read->number, read->bytes);
    }
}

std::uint64_t record_ring::newest() const { return std::max(halves_[0].last, halves_[1].last); }

result<void> record_ring::set_aside(const std::string& path) {
    close();
    for (std::size_t i = 0; i < halves_.size(); ++i) {
        std::error_code failed;
        std::filesystem::rename(name_of(i), path + std::to_string(i), failed);
        if (failed) return fail(errc::io, name_of(i) + ": cannot be moved aside: " + failed.message());
    }
    return open();
}

result<void> sync_folder_of(const std::string& file) {
    const auto parent = std::filesystem::path(file).parent_path();
    const auto folder = parent.empty() ? std::filesystem::path(".") : parent;
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const auto why = std::generic_category().message(errno);
    if (descriptor >= 0) ::close(descriptor);
    if (synced) return {};
    return fail(errc::io, folder.string() + ": cannot sync the folder: " + why);
}

}  // namespace kindred::store::redis
