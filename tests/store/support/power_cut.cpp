#include "tests/store/support/power_cut.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

namespace kindred::store {
namespace {

constexpr std::size_t sector = 512;

// Writes the part of [offset, offset + size) that lies in sector number `in` into `content`.
void write_sector(std::string& content, std::size_t in, std::int64_t offset, std::string_view bytes) {
    const auto begin = std::max(static_cast<std::size_t>(offset), in * sector);
    const auto end = std::min(static_cast<std::size_t>(offset) + bytes.size(), (in + 1) * sector);
    if (begin >= end) return;
    if (content.size() < end) content.resize(end, '\0');
    bytes.copy(content.data() + begin, end - begin, begin - static_cast<std::size_t>(offset));
}

void cut_sector(std::string& content, std::size_t in, std::int64_t size) {
    const auto begin = std::max(static_cast<std::size_t>(size), in * sector);
    const auto end = std::min(content.size(), (in + 1) * sector);
    if (begin < end)
        std::fill(content.begin() + static_cast<std::ptrdiff_t>(begin),
                  content.begin() + static_cast<std::ptrdiff_t>(end), '\0');
}

}  // namespace

void power_cut::watch(std::function<bool(std::uint64_t)> ask, std::function<void(image&&)> keep) {
    const std::lock_guard hold(mutex_);
    ask_ = std::move(ask);
    keep_ = std::move(keep);
}

power_cut::image power_cut::cut() {
    const std::lock_guard hold(mutex_);
    return cut_now();
}

int power_cut::before(const io_call&) {
    const std::lock_guard hold(mutex_);
    ++calls_;
    if (ask_ && ask_(calls_)) keep_(cut_now());
    return SQLITE_OK;
}

void power_cut::after(const io_call& call, int code) {
    const std::lock_guard hold(mutex_);
    auto& named = names_[call.path];
    switch (call.kind) {
        case io_kind::open:
            if (code != SQLITE_OK || (call.flags & SQLITE_OPEN_CREATE) == 0) return;
            if (!named.now) named.now = std::make_shared<inode>();
            named.now->syncs_folder = (call.flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
            return;
        case io_kind::write:
            // A refused write may have left a part behind.
            named.now->unsynced.push_back(
                {false, call.offset,
                 std::string(call.bytes.substr(0, code == SQLITE_OK ? call.bytes.size() : call.bytes.size() / 2))});
            return;
        case io_kind::truncate:
            if (code == SQLITE_OK) named.now->unsynced.push_back({true, call.offset, {}});
            return;
        case io_kind::sync: break;
        case io_kind::remove:
            if (code == SQLITE_OK) named.now = nullptr;
            if (code == SQLITE_OK && call.flags != 0) sync_folder();
            return;
    }
    for (const auto& each : named.now->unsynced) {
        if (code != SQLITE_OK) break;
        auto& content = named.now->synced;
        const auto offset = static_cast<std::size_t>(each.offset);
        if (each.truncates) {
            content.resize(offset, '\0');
            continue;
        }
        if (content.size() < offset + each.bytes.size()) content.resize(offset + each.bytes.size(), '\0');
        each.bytes.copy(content.data() + offset, each.bytes.size());
    }
    named.now->unsynced.clear();
    if (code == SQLITE_OK && std::exchange(named.now->syncs_folder, false)) sync_folder();
}

void power_cut::sync_folder() {
    for (auto& [path, each] : names_) each.on_disk = each.now;
}

power_cut::image power_cut::cut_now() {
    image left;
    for (const auto& [path, each] : names_) {
        const bool new_name = each.now != each.on_disk && any_up_to(1) == 1;
        const auto& file = new_name ? each.now : each.on_disk;
        if (file) left[path] = survivor_of(*file);
    }
    return left;
}

// Each sector holds what it held after some number of the unsynced changes, and the file's length likewise: the disk
// may write sectors in any order, but not go back to an older content of one.
std::string power_cut::survivor_of(const inode& file) {
    const auto& changes = file.unsynced;
    std::string content = file.synced;
    if (changes.empty()) return content;
    const auto mood = any_up_to(3);  // all lost, all kept, or sector by sector
    const auto reached = [&] { return mood == 0 ? 0 : mood == 1 ? changes.size() : any_up_to(changes.size()); };

    std::size_t length = content.size();
    const auto lengths = reached();
    for (std::size_t i = 0; i < lengths; ++i) {
        const auto offset = static_cast<std::size_t>(changes[i].offset);
        length = changes[i].truncates ? offset : std::max(length, offset + changes[i].bytes.size());
    }
    std::map<std::size_t, std::size_t> reached_in;
    const auto reached_in_sector = [&](std::size_t in) {
        const auto at = reached_in.find(in);
        return at != reached_in.end() ? at->second : reached_in[in] = reached();
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto& each = changes[i];
        const auto end = each.truncates ? std::max(content.size(), static_cast<std::size_t>(each.offset) + 1)
                                        : static_cast<std::size_t>(each.offset) + each.bytes.size();
        for (auto in = static_cast<std::size_t>(each.offset) / sector; in * sector < end; ++in) {
            if (i >= reached_in_sector(in)) continue;
            each.truncates ? cut_sector(content, in, each.offset) : write_sector(content, in, each.offset, each.bytes);
        }
    }
    content.resize(length, '\0');
    return content;
}

std::size_t power_cut::any_up_to(std::size_t most) {
    return static_cast<std::size_t>(random_() % (static_cast<std::uint64_t>(most) + 1));
}

void restore(const power_cut::image& image, const std::string& folder) {
    for (const auto& [path, content] : image) {
        const auto file = std::filesystem::path(folder) / std::filesystem::path(path).filename();
        std::ofstream(file, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
    }
}

}  // namespace kindred::store
