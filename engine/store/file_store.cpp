#include "engine/store/file_store.hpp"

#include "engine/base/digest.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace kindred::store {
namespace {

namespace fs = std::filesystem;

error failed(const fs::path& path, const char* tried) {
    return fail(errc::io, path.string() + ": cannot " + tried + ": " + std::generic_category().message(errno));
}

class descriptor {
public:
    explicit descriptor(int number) : number_(number) {}
    ~descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    int get() const { return number_; }

private:
    int number_;
};

constexpr std::chrono::hours half_written{1};  // longer than any write takes

std::string mark_of(fs::file_time_type written) { return std::to_string(written.time_since_epoch().count()); }

time_point time_of(fs::file_time_type written) {
    return std::chrono::time_point_cast<duration>(fs::file_time_type::clock::to_sys(written));
}

result<void> write_synced(const fs::path& path, std::string_view bytes) {
    const descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.get() < 0) return failed(path, "create");
    while (!bytes.empty()) {
        const auto written = ::write(file.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return failed(path, "write");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file.get()) != 0) return failed(path, "sync");
    return {};
}

/// A new name is durable once its folder is.
result<void> sync_folder(const fs::path& folder) {
    const descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.get() < 0 || ::fsync(opened.get()) != 0) return failed(folder, "sync");
    return {};
}

}  // namespace

fs::path file_store::path_of(std::string_view name) const { return folder_ / name.substr(0, 2) / name; }

bool file_store::has(std::string_view name) const {
    std::error_code trouble;
    return is_file_name(name) && fs::exists(path_of(name), trouble);
}

/// As good as new: what sweeps old files away goes by this time.
result<bool> file_store::touch(std::string_view name) {
    const std::lock_guard hold(mutex_);
    const auto path = path_of(name);
    std::error_code trouble;
    if (!fs::exists(path, trouble)) return false;
    fs::last_write_time(path, fs::file_time_type::clock::now(), trouble);
    if (trouble) return fail(errc::io, path.string() + ": cannot be renewed: " + trouble.message());
    return true;
}

result<void> file_store::put(const std::string& name, std::string_view bytes) {
    const auto there = touch(name);
    if (!there) return there.error();
    if (*there) return {};
    const auto path = path_of(name);
    const auto folder = path.parent_path();
    std::error_code trouble;
    const bool new_folder = !fs::exists(folder, trouble);
    fs::create_directories(folder, trouble);
    if (trouble) return fail(errc::io, folder.string() + ": cannot create: " + trouble.message());
    const auto draft = folder / (name + '.' + to_hex(random_bytes(8)));
    if (auto written = write_synced(draft, bytes); !written) {
        fs::remove(draft, trouble);
        return written.error();
    }
    {
        const std::lock_guard hold(mutex_);
        if (::rename(draft.c_str(), path.c_str()) != 0) return failed(path, "name");
    }
    if (auto synced = sync_folder(folder); !synced) return synced;
    if (new_folder)
        for (const auto& above : {folder_, folder_.parent_path()})
            if (auto synced = sync_folder(above.empty() ? fs::path(".") : above); !synced) return synced;
    return {};
}

result<std::string> file_store::get(std::string_view name) {
    if (!is_file_name(name)) return fail(errc::not_found, "there is no file of this name");
    const auto path = path_of(name);
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(errc::not_found, path.string() + ": is missing");
    std::string bytes(std::istreambuf_iterator<char>(file), {});
    if (file.bad()) return failed(path, "read");
    if (file_name_of(bytes) != name) return fail(errc::corrupt, path.string() + ": has other bytes than were written");
    return bytes;
}

result<std::vector<seen_file>> file_store::look(std::span<const std::string> names) {
    std::vector<seen_file> found;
    for (const auto& each : names) {
        if (!is_file_name(each)) continue;
        std::error_code gone;
        const auto written = fs::last_write_time(path_of(each), gone);
        if (!gone) found.push_back({each, time_of(written), mark_of(written)});
    }
    return found;
}

result<bool> file_store::may_remove() {
    auto leads = asks_whether_it_leads_ ? asks_whether_it_leads_() : result<bool>(true);
    if (leads && !*leads) return fail(errc::fenced, "another node looks after these files");
    return leads;
}

result<bool> file_store::remove(const seen_file& seen) {
    if (!is_file_name(seen.name)) return true;
    const std::lock_guard hold(mutex_);
    std::error_code trouble;
    const auto path = path_of(seen.name);
    const auto written = fs::last_write_time(path, trouble);
    if (trouble == std::errc::no_such_file_or_directory) return true;
    if (!trouble && mark_of(written) != seen.mark) return false;
    if (!trouble) fs::remove(path, trouble);
    if (trouble) return fail(errc::io, path.string() + ": cannot remove: " + trouble.message());
    return true;
}

result<void> file_store::remove(std::string_view name) {
    if (!is_file_name(name)) return {};
    const std::lock_guard hold(mutex_);
    std::error_code trouble;
    fs::remove(path_of(name), trouble);
    if (trouble) return fail(errc::io, path_of(name).string() + ": cannot remove: " + trouble.message());
    return {};
}

result<void> file_store::for_each(time_point now, const std::function<void(seen_file&&)>& each) {
    std::error_code trouble;
    if (!fs::exists(folder_, trouble)) return {};
    const auto stale = fs::file_time_type::clock::from_sys(now - half_written);
    for (fs::recursive_directory_iterator at(folder_, trouble), end; !trouble && at != end; at.increment(trouble)) {
        std::error_code gone;
        if (!at->is_regular_file(gone) || gone) continue;
        const auto written = at->last_write_time(gone);
        if (gone) continue;
        auto name = at->path().filename().string();
        if (is_file_name(name))
            each({std::move(name), time_of(written), mark_of(written)});
        else if (written < stale)
            fs::remove(at->path(), gone);
    }
    if (trouble) return fail(errc::io, folder_.string() + ": cannot list: " + trouble.message());
    return {};
}

}  // namespace kindred::store
