#include "engine/app/folder_watch.hpp"

#include <functional>
#include <string>

namespace kindred::app {

namespace fs = std::filesystem;

folder_watch::folder_watch(fs::path folder, std::chrono::milliseconds every)
    : folder_(std::move(folder)), every_(every), reported_(look()), last_(reported_) {}

bool folder_watch::changed(std::chrono::steady_clock::time_point now) {
    if (now < next_look_) return false;
    next_look_ = now + every_;
    const auto seen = look();
    const bool at_rest = seen == last_;
    last_ = seen;
    if (!at_rest || seen == reported_) return false;
    reported_ = seen;
    return true;
}

std::uint64_t folder_watch::look() const {
    constexpr int most_files = 100'000;
    std::error_code failed;
    std::uint64_t sum = 0;
    fs::recursive_directory_iterator walk(folder_, failed);
    for (int count = 0; !failed && walk != fs::recursive_directory_iterator() && count < most_files; ++count) {
        std::error_code gone;  // a file may vanish while it is looked at: the next look tells
        if (walk->is_regular_file(gone)) {
            const auto size = walk->file_size(gone);
            const auto written = walk->last_write_time(gone).time_since_epoch().count();
            // A sum, because the order of a walk means nothing.
            sum += std::hash<std::string>{}(walk->path().string() + '\0' + std::to_string(size) + '\0' +
                                            std::to_string(written));
        }
        walk.increment(failed);
    }
    return sum;
}

}  // namespace kindred::app
