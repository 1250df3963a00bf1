#include "engine/store/redis/batch_tail.hpp"

#include "engine/base/log.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <map>

namespace kindred::store::redis {
namespace {

/// In front of each record: what of it is torn, or of another program, ends the file.
struct record_header {
    std::uint64_t checksum = 0;  ///< of all behind it
    std::uint64_t seq = 0;
    std::uint32_t before = 0;  ///< sizes of what follows: the two ids, and the batch
    std::uint32_t id = 0;
    std::uint32_t bytes = 0;
    std::uint32_t erases = 0;
};

constexpr std::size_t after_checksum = sizeof(record_header::checksum);

std::uint64_t checksum_of(std::string_view record) {
    return XXH3_64bits(record.data() + after_checksum, record.size() - after_checksum);
}

void encode(const log_record& record, bool erases, std::string& out) {
    record_header header;
    header.seq = record.seq;
    header.before = static_cast<std::uint32_t>(record.before.size());
    header.id = static_cast<std::uint32_t>(record.id.size());
    header.bytes = static_cast<std::uint32_t>(record.bytes.size());
    header.erases = erases ? 1 : 0;
    out.assign(reinterpret_cast<const char*>(&header), sizeof header);
    out.append(record.before).append(record.id).append(record.bytes);
    header.checksum = checksum_of(out);
    std::memcpy(out.data(), &header, sizeof header);
}

struct read_record {
    log_record record;
    bool erases = false;
};

/// The record that the bytes begin with, which it takes from them.
std::optional<read_record> take(std::string_view& from) {
    record_header header;
    if (from.size() < sizeof header) return std::nullopt;
    std::memcpy(&header, from.data(), sizeof header);
    const auto size = sizeof header + std::size_t{header.before} + header.id + header.bytes;
    if (from.size() < size || checksum_of(from.substr(0, size)) != header.checksum) return std::nullopt;
    auto rest = from.substr(sizeof header, size - sizeof header);
    const auto text = [&](std::size_t length) {
        std::string taken(rest.substr(0, length));
        rest.remove_prefix(length);
        return taken;
    };
    read_record read{{header.seq, text(header.before), text(header.id), text(header.bytes)}, header.erases != 0};
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

batch_tail::batch_tail(std::string path, std::size_t bytes, std::chrono::milliseconds erase_within)
    : path_(std::move(path)), half_bytes_(bytes / 2), erase_within_(erase_within) {}

batch_tail::~batch_tail() { close_held(); }

result<void> batch_tail::open() {
    const std::lock_guard hold(mutex_);
    return open_held();
}

result<void> batch_tail::open_held() {
    constexpr auto owner_only = 0600;
    for (std::size_t i = 0; i < halves_.size(); ++i) {
        auto& one = halves_[i];
        one = {};
        one.descriptor = ::open(name_of(i).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only);
        if (one.descriptor < 0)
            return fail(errc::io, name_of(i) + ": cannot be opened: " + std::generic_category().message(errno));
        const auto bytes = whole(one.descriptor);
        std::string_view rest = bytes;
        while (auto read = take(rest)) {
            one.last = read->record.seq;
            one.erases = one.erases || read->erases;
        }
        one.size = bytes.size() - rest.size();
        if (one.erases) forget_at_ = steady::now() + erase_within_;
    }
    active_ = halves_[1].last > halves_[0].last ? 1 : 0;
    return {};
}

void batch_tail::close_held() {
    for (auto& one : halves_)
        if (one.descriptor >= 0) ::close(one.descriptor);
    halves_ = {};
    forget_at_.reset();
}

void batch_tail::empty(half& one) {
    if (::ftruncate(one.descriptor, 0) != 0)
        log::warn("batches of before cannot be taken off the disk",
                  {{"file", path_}, {"err", std::generic_category().message(errno)}});
    one.size = 0;
    one.last = 0;
    one.erases = false;
}

void batch_tail::add(const log_record& record, bool erases) {
    const std::lock_guard hold(mutex_);
    tidy_held();
    if (halves_[active_].size >= half_bytes_) {
        active_ = 1 - active_;
        empty(halves_[active_]);
    }
    auto& to = halves_[active_];
    std::string bytes;
    encode(record, erases, bytes);
    const bool wrote = to.descriptor >= 0 && write_all(to.descriptor, bytes, to.size);
    if (!wrote && !is_failing_)
        log::warn("batches are not kept beside the copy: should Redis lose them, they cannot be put back",
                  {{"file", path_}, {"err", std::generic_category().message(errno)}});
    is_failing_ = !wrote;
    if (!wrote) return;
    to.size += bytes.size();
    to.last = record.seq;
    to.erases = to.erases || erases;
    if (erases && !forget_at_) forget_at_ = steady::now() + erase_within_;
}

std::vector<log_record> batch_tail::all_held() const {
    // The same batch may be there twice, where a node stopped between its two writes: the later one counts.
    std::map<std::uint64_t, log_record> found;
    for (std::size_t i = 0; i < halves_.size(); ++i) {
        const auto& one = halves_[(active_ + 1 + i) % halves_.size()];
        if (one.descriptor < 0) continue;
        const auto bytes = whole(one.descriptor);
        auto rest = std::string_view(bytes).substr(0, one.size);
        while (auto read = take(rest)) found.insert_or_assign(read->record.seq, std::move(read->record));
    }
    std::vector<log_record> all;
    all.reserve(found.size());
    for (auto& [seq, record] : found) all.push_back(std::move(record));
    return all;
}

std::vector<log_record> batch_tail::all() const {
    const std::lock_guard hold(mutex_);
    return all_held();
}

std::optional<std::vector<log_record>> batch_tail::between(const log_end& from, const log_end& to) const {
    if (from.seq >= to.seq) return std::nullopt;
    auto found = all();
    std::erase_if(found, [&](const log_record& each) { return each.seq <= from.seq || each.seq > to.seq; });
    auto at = from;
    for (const auto& each : found) {
        if (each.seq != at.seq + 1 || each.before != at.last) return std::nullopt;
        at = {each.seq, each.id};
    }
    if (at != to) return std::nullopt;
    return found;
}

void batch_tail::tidy() {
    const std::lock_guard hold(mutex_);
    tidy_held();
}

void batch_tail::tidy_held() {
    if (!forget_at_ || steady::now() < *forget_at_) return;
    forget_at_.reset();
    for (auto& one : halves_) empty(one);
}

result<void> batch_tail::set_aside(const std::string& path) {
    const std::lock_guard hold(mutex_);
    close_held();
    for (std::size_t i = 0; i < halves_.size(); ++i) {
        std::error_code failed;
        std::filesystem::rename(name_of(i), path + std::to_string(i), failed);
        if (failed) return fail(errc::io, name_of(i) + ": cannot be moved aside: " + failed.message());
    }
    return open_held();
}

}  // namespace kindred::store::redis
