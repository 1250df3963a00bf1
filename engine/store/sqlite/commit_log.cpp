#include "engine/store/sqlite/commit_log.hpp"

#include "engine/store/batch_codec.hpp"
#include "engine/store/sqlite/connection.hpp"

#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

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

struct found_record {
    std::uint64_t generation = 0;
    std::uint64_t position = 0;
    std::string_view payload;
};

/// The records of one turn: they end at the first one that is torn, of an older turn or of another store.
std::vector<found_record> records_in(std::string_view content, std::uint64_t store) {
    std::vector<found_record> found;
    while (content.size() >= sizeof(record_header)) {
        record_header header;
        std::memcpy(&header, content.data(), sizeof header);
        content.remove_prefix(sizeof header);
        if (header.magic != magic || header.store != store || header.size > content.size()) break;
        const auto payload = content.substr(0, header.size);
        if (checksum_of(header, payload) != header.checksum) break;
        const bool goes_on = found.empty() || (header.generation == found.back().generation &&
                                               header.position == found.back().position + 1);
        if (!goes_on) break;
        found.push_back({header.generation, header.position, payload});
        content.remove_prefix(header.size);
    }
    return found;
}

result<std::string> content_of(const sqlite_options& database, std::size_t number) {
    const auto path = path_of(database.path, number);
    std::string content;
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return content;
    vfs_file file;
    int code = file.open(database.vfs, path);
    if (code == SQLITE_OK) code = file.read(content);
    if (code != SQLITE_OK) return error_of(path, code, "read the log of commits");
    return content;
}

}  // namespace

int commit_log::open(const sqlite_options& database, std::uint64_t store) {
    store_ = store;
    synced_ = database.sync == sync_level::full;
    for (std::size_t i = 0; i < turns_.size(); ++i) {
        auto& each = turns_[i];
        if (const int code = each.file.open(database.vfs, path_of(database.path, i)); code != SQLITE_OK) return code;
        std::string content;
        if (const int code = each.file.read(content); code != SQLITE_OK) return code;
        each.size = static_cast<std::int64_t>(content.size());
        for (const auto& record : records_in(content, store)) {
            generation_ = std::max(generation_, record.generation);
            each.highest = record.position;
        }
    }
    return SQLITE_OK;
}

result<std::vector<logged_batch>> commit_log::read(const sqlite_options& database, std::uint64_t store,
                                                   std::uint64_t after) {
    std::vector<logged_batch> all;
    for (std::size_t i = 0; i < 2; ++i) {
        const auto content = content_of(database, i);
        if (!content) return content.error();
        for (const auto& record : records_in(*content, store)) {
            if (record.position <= after) continue;
            auto decoded = decode_batch(record.payload);
            if (!decoded) return fail(errc::corrupt, path_of(database.path, i) + ": " + decoded.error().message);
            all.push_back({record.position, record.payload.size(), std::make_shared<batch>(std::move(*decoded))});
        }
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.position < b.position; });
    for (const auto& each : all) {
        if (each.position == ++after) continue;
        return fail(errc::corrupt, database.path + ": its log of commits lacks number " + std::to_string(after) +
                                       " and goes on with " + std::to_string(each.position) +
                                       "; the store and the log are of different times: restore a backup");
    }
    return all;
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

int commit_log::append(const std::shared_ptr<const batch>& changes, logged_batch& as) {
    take_turns();
    record_.assign(sizeof(record_header), '\0');
    encode(*changes, record_);
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
    as = {next_++, record_.size(), changes};
    return SQLITE_OK;
}

}  // namespace kindred::store::sqlite
