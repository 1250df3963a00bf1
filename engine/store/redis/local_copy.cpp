#include "engine/store/redis/local_copy.hpp"

#include "engine/base/id.hpp"

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

}  // namespace

result<local_copy> local_copy::open(const sqlite_options& options) {
    auto opened = open_sqlite(options);
    if (!opened) return opened.error();
    auto place = read_place(**opened, options.path);
    if (!place) return place.error();
    return local_copy(options, std::move(*opened), std::move(*place));
}

commit_outcome local_copy::apply(const batch& changes, const std::optional<copy_place>& end) {
    auto copied = std::make_shared<batch>(changes);
    copied->consumed.clear();  // the inbox is in Redis alone
    if (end) copied->kept.push_back({std::string(kind), std::string(name), changes.at, text_of(*end), false});
    auto outcome = store_->commit(std::move(copied));
    if (end && outcome.state == commit_state::committed) place_ = *end;
    return outcome;
}

result<std::string> local_copy::start_again() {
    store_.reset();
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto aside = ".aside-" + std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
    for (const char* part : {"", "-wal", "-shm", "-commits0", "-commits1"}) {
        const auto file = options_.path + part;
        std::error_code failed;
        if (!fs::exists(file, failed)) continue;
        fs::rename(file, options_.path + aside + part, failed);
        if (failed) return fail(errc::io, file + ": cannot be moved aside: " + failed.message());
    }
    auto opened = open_sqlite(options_);
    if (!opened) return opened.error();
    store_ = std::move(*opened);
    place_ = {};
    return options_.path + aside;
}

}  // namespace kindred::store::redis
