#include "engine/store/sqlite/commit_log.hpp"

#include "engine/store/batch_codec.hpp"
#include "engine/store/sqlite/connection.hpp"

#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

namespace kindred::store::sqlite {
namespace {

// A file that has grown to this gives its turn to the other one.
constexpr std::int64_t turn_size = std::int64_t{32} << 20;
// Written as zeros ahead of the records: a sync of bytes that the file has already costs the disk one write, one that
// makes it longer costs two.
constexpr std::int64_t stride = std::int64_t{1} << 20;
constexpr std::uint32_t magic = 0x4B434C31;  // "KCL1"

/// In front of each batch. Plain bytes on x86-64 and arm64 alike: both are little-endian.
struct record_header {
    std::uint32_t magic = 0;
    std::uint32_t size = 0;
    std::uint64_t store = 0;
    std::uint64_t generation = 0;
    std::uint64_t position = 0;
    std::uint64_t checksum = 0;  ///< of the fields above and the batch
};
static_assert(sizeof(record_header) == 40 && std::is_trivially_copyable_v<record_header>);

std::uint64_t checksum_of(const record_header& header, std::string_view payload) {
    const auto of_header = XXH3_64bits(&header, offsetof(record_header, checksum));
    return XXH3_64bits_withSeed(payload.data(), payload.size(), of_header);
}

std::string path_of(const std::string& database, std::size_t number) {
    return database + "-commits" + std::to_string(number);
}

/// The records of one turn, one at a time: they end at the first one that is torn, of an older turn or of another
/// store.
class record_walk {
public:
    record_walk(const vfs_file& file, std::uint64_t store) : file_(file), store_(store) { code_ = file.size(left_); }

    bool next() {
        if (code_ != SQLITE_OK || !read_header()) return false;
        const auto before = std::exchange(last_, header_);
        const bool goes_on =
            !before || (header_.generation == before->generation && header_.position == before->position + 1);
        return goes_on && read_payload();
    }
    const record_header& header() const { return header_; }
    std::string_view payload() const { return {payload_.data(), header_.size}; }
    /// SQLITE_OK, or why it ended before its end.
    int code() const { return code_; }

private:
    bool read_header() {
        if (left_ < static_cast<std::int64_t>(sizeof header_)) return false;
        code_ = file_.read(reinterpret_cast<char*>(&header_), sizeof header_, at_);
        at_ += static_cast<std::int64_t>(sizeof header_);
        left_ -= static_cast<std::int64_t>(sizeof header_);
        return code_ == SQLITE_OK && header_.magic == magic && header_.store == store_ && header_.size <= left_;
    }
    bool read_payload() {
        if (payload_.size() < header_.size) payload_.resize(header_.size);
        code_ = file_.read(payload_.data(), header_.size, at_);
        at_ += header_.size;
        left_ -= header_.size;
        return code_ == SQLITE_OK && checksum_of(header_, payload()) == header_.checksum;
    }

    const vfs_file& file_;
    std::uint64_t store_;
    std::int64_t at_ = 0;
    std::int64_t left_ = 0;
    int code_ = SQLITE_OK;
    record_header header_;
    std::optional<record_header> last_;
    std::vector<char> payload_;  ///< of the longest record so far
};

/// What `file` holds behind position `after`; `turn` becomes what its last record says.
result<void> collect(const vfs_file& file, std::uint64_t store, std::uint64_t after, record_header& turn,
                     std::vector<logged_batch>& into) {
    record_walk records(file, store);
    while (records.next()) {
        turn = records.header();
        if (turn.position <= after) continue;
        auto decoded = decode_batch(records.payload());
        if (!decoded) return fail(errc::corrupt, file.path() + ": " + decoded.error().message);
        into.push_back({turn.position, records.payload().size(), {std::make_shared<batch>(std::move(*decoded)), {}}});
    }
    if (records.code() != SQLITE_OK) return error_of(file.path(), records.code(), "read the log of commits");
    return {};
}

result<std::vector<logged_batch>> in_order(std::vector<logged_batch> all, const std::string& database,
                                           std::uint64_t after) {
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.position < b.position; });
    for (const auto& each : all) {
        if (each.position == ++after) continue;
        return fail(errc::corrupt, database + ": its log of commits lacks number " + std::to_string(after) +
                                       " and goes on with " + std::to_string(each.position) +
                                       "; the store and the log are of different times: restore a backup");
    }
    return all;
}

}  // namespace

result<std::vector<logged_batch>> commit_log::open(const sqlite_options& database, std::uint64_t store,
                                                   std::uint64_t after) {
    store_ = store;
    synced_ = database.sync == sync_level::full;
    std::vector<logged_batch> missing;
    for (std::size_t i = 0; i < turns_.size(); ++i) {
        auto& each = turns_[i];
        const auto path = path_of(database.path, i);
        int code = each.file.open(database.vfs, path);
        if (code == SQLITE_OK) code = each.file.size(each.size);
        if (code != SQLITE_OK) return error_of(path, code, "open the log of commits");
        record_header last;
        if (const auto read = collect(each.file, store, after, last, missing); !read) return read.error();
        generation_ = std::max(generation_, last.generation);
        each.highest = last.position;
    }
    return in_order(std::move(missing), database.path, after);
}

result<std::vector<logged_batch>> commit_log::read(const sqlite_options& database, std::uint64_t store,
                                                   std::uint64_t after) {
    std::vector<logged_batch> all;
    for (std::size_t i = 0; i < 2; ++i) {
        const auto path = path_of(database.path, i);
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored)) continue;
        vfs_file file;
        if (const int code = file.open(database.vfs, path); code != SQLITE_OK)
            return error_of(path, code, "read the log of commits");
        record_header last;
        if (const auto collected = collect(file, store, after, last, all); !collected) return collected.error();
    }
    return in_order(std::move(all), database.path, after);
}

void commit_log::begin(std::uint64_t next_position) {
    next_ = next_position;
    retired_ = next_position - 1;
    ++generation_;
    // The older one first: after a crash in the middle of this turn, the other still tells what was before.
    active_ = turns_[0].highest <= turns_[1].highest ? 0 : 1;
    end_ = 0;
}

void commit_log::take_turns() {
    const auto other = 1 - active_;
    if (end_ < turn_size || turns_[other].highest > retired_) return;
    active_ = other;
    ++generation_;
    end_ = 0;
}

int commit_log::make_room(std::int64_t end) {
    auto& file = active();
    if (end <= file.size) return SQLITE_OK;
    const auto wanted = (end / stride + 1) * stride;
    const std::string zeros(static_cast<std::size_t>(wanted - file.size), '\0');
    const int code = file.file.write(zeros, file.size);
    if (code == SQLITE_OK) file.size = wanted;
    return code;
}

int commit_log::append(const placed_batch& what, logged_batch& as) {
    take_turns();
    record_.assign(sizeof(record_header), '\0');
    encode(*what.changes, record_, what.place ? &*what.place : nullptr);
    const auto payload = std::string_view(record_).substr(sizeof(record_header));
    record_header header{magic, static_cast<std::uint32_t>(payload.size()), store_, generation_, next_, 0};
    header.checksum = checksum_of(header, payload);
    std::memcpy(record_.data(), &header, sizeof header);

    const auto end = end_ + static_cast<std::int64_t>(record_.size());
    // A disk without room for a stride may still have some for this batch.
    if (const int code = make_room(end); code != SQLITE_OK && code != SQLITE_FULL) return code;
    if (const int code = active().file.write(record_, end_); code != SQLITE_OK) return code;
    if (synced_) {
        if (const int code = active().file.sync(); code != SQLITE_OK) return code;
    }
    end_ = end;
    active().size = std::max(active().size, end_);
    active().highest = next_;
    if (!what.changes->erased.empty()) erased_at_ = next_;
    as = {next_++, record_.size(), what};
    return SQLITE_OK;
}

int commit_log::forget_what_was_erased() {
    const bool all_retired = std::ranges::all_of(turns_, [&](const turn& each) { return each.highest <= retired_; });
    if (erased_at_ == 0 || !all_retired) return SQLITE_OK;
    ++generation_;
    end_ = 0;
    for (turn& each : turns_)
        if (const int code = overwrite(each); code != SQLITE_OK) return code;
    erased_at_ = 0;
    return SQLITE_OK;
}

int commit_log::overwrite(turn& over) {
    // From the end: until the first record goes, a crash leaves a log that reads as it did.
    const std::string zeros(static_cast<std::size_t>(std::min(over.size, stride)), '\0');
    for (auto end = over.size; end > 0;) {
        const auto count = std::min(end, stride);
        end -= count;
        const auto part = std::string_view(zeros).substr(0, static_cast<std::size_t>(count));
        if (const int code = over.file.write(part, end); code != SQLITE_OK) return code;
    }
    return over.size == 0 ? SQLITE_OK : over.file.sync();
}

}  // namespace kindred::store::sqlite
