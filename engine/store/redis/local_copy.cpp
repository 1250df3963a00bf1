#include "engine/store/redis/local_copy.hpp"

#include "engine/base/id.hpp"
#include "engine/store/sqlite/connection.hpp"

#include <array>
#include <filesystem>

namespace kindred::store::redis {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kind = "redis";
constexpr std::string_view name = "copy";

/// "<site> <seq> <last>"
std::string text_of(const copy_place& place) {
    return place.site_uid + ' ' + std::to_string(place.end.seq) + ' ' + place.end.last;
}

std::optional<copy_place> place_of(const std::string& text) {
    const auto first = text.find(' ');
    const auto second = text.find(' ', first + 1);
    if (first == std::string::npos || second == std::string::npos) return std::nullopt;
    const auto seq = parse_number(text.substr(first + 1, second - first - 1));
    if (!seq) return std::nullopt;
    return copy_place{text.substr(0, first), {*seq, text.substr(second + 1)}};
}

result<copy_place> read_place(store& from, const std::string& path) {
    const auto row = from.kept_one(kind, name);
    if (!row) {
        if (row.error().code == errc::not_found) return copy_place{};
        return row.error();
    }
    auto read = place_of(row->bytes);
    if (!read) return fail(errc::corrupt, path + ": does not say how far it follows Redis: move it away");
    return *read;
}

constexpr std::array<std::string_view, 5> parts_of_store{"", "-wal", "-shm", "-commits0", "-commits1"};
/// Whole copies of the site that a process left which was killed before it had put one into Redis, or had taken it from
/// there.
constexpr std::array<std::string_view, 3> left_behind{".snapshot", ".snapshot.part", ".fetched"};

}  // namespace

result<copy_place> place_in(const std::string& file) {
    const auto on = sqlite::connection::open({file, {}, true, false});
    if (!on) return on.error();
    sqlite::statement asked(*on, "SELECT bytes FROM kept WHERE kind = 'redis' AND id = 'copy'");
    sqlite::cursor row(asked);
    const auto there = row.next();
    auto place = there ? place_of(row.text(0)) : std::nullopt;
    if (row.code() != SQLITE_OK) return sqlite::error_of(*on, row.code(), "read how far the copy has come");
    if (!place) return fail(errc::corrupt, file + ": is no copy of a site in Redis");
    return std::move(*place);
}

result<local_copy> local_copy::open(const sqlite_options& options) {
    auto opened = open_sqlite_copy(options);
    if (!opened) return opened.error();
    std::error_code ignored;
    for (const auto part : left_behind) fs::remove(options.path + std::string(part), ignored);
    auto place = read_place(**opened, options.path);
    if (!place) return place.error();
    return local_copy(options, std::move(*opened), std::move(*place));
}

commit_outcome local_copy::apply(const std::shared_ptr<const batch>& changes, const std::optional<copy_place>& end) {
    if (!end) return store_->commit(changes);
    auto outcome = store_->commit(changes, {std::string(kind), std::string(name), changes->at, text_of(*end), false});
    if (outcome.state == commit_state::committed) place_ = *end;
    return outcome;
}

result<void> local_copy::replace_by(const std::string& file) {
    store_.reset();
    std::error_code failed;
    for (const auto part : parts_of_store) fs::remove(options_.path + std::string(part), failed);
    fs::rename(file, options_.path, failed);
    if (failed) return fail(errc::io, file + ": cannot take the copy's place: " + failed.message());
    auto opened = open_sqlite_copy(options_);
    if (!opened) return opened.error();
    auto place = read_place(**opened, options_.path);
    if (!place) return place.error();
    store_ = std::move(*opened);
    place_ = std::move(*place);
    return {};
}

result<std::string> local_copy::start_again() {
    store_.reset();
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto aside = ".aside-" + std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
    for (const auto part : parts_of_store) {
        const auto file = options_.path + std::string(part);
        std::error_code failed;
        if (!fs::exists(file, failed)) continue;
        fs::rename(file, options_.path + aside + std::string(part), failed);
        if (failed) return fail(errc::io, file + ": cannot be moved aside: " + failed.message());
    }
    auto opened = open_sqlite_copy(options_);
    if (!opened) return opened.error();
    store_ = std::move(*opened);
    place_ = {};
    return options_.path + aside;
}

}  // namespace kindred::store::redis
