#include "engine/store/file_store.hpp"

#include "engine/base/digest.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
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

bool is_name(std::string_view name) {
    return name.size() == 64 && std::all_of(name.begin(), name.end(), [](char letter) {
               return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
           });
}

std::string name_of(std::string_view bytes) {
    const auto digest = sha256(bytes);
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
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

result<std::string> file_store::put(std::string_view bytes) {
    auto name = name_of(bytes);
    const auto path = path_of(name);
    const auto folder = path.parent_path();
    std::error_code trouble;
    if (fs::exists(path, trouble)) {
        // As good as new: what sweeps old files away goes by this time.
        fs::last_write_time(path, fs::file_time_type::clock::now(), trouble);
        return name;
    }
    const bool new_folder = !fs::exists(folder, trouble);
    fs::create_directories(folder, trouble);
    if (trouble) return fail(errc::io, folder.string() + ": cannot create: " + trouble.message());
    const auto random = random_bytes(8);
    const auto draft = folder / (name + '.' + to_hex(random));
    if (auto written = write_synced(draft, bytes); !written) {
        fs::remove(draft, trouble);
        return written.error();
    }
    if (::rename(draft.c_str(), path.c_str()) != 0) return failed(path, "name");
    if (auto synced = sync_folder(folder); !synced) return synced.error();
    if (new_folder)
        for (const auto& above : {folder_, folder_.parent_path()})
            if (auto synced = sync_folder(above.empty() ? fs::path(".") : above); !synced) return synced.error();
    return name;
}

result<std::string> file_store::get(std::string_view name) const {
    if (!is_name(name)) return fail(errc::not_found, "there is no file of this name");
    const auto path = path_of(name);
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(errc::not_found, path.string() + ": is missing");
    std::string bytes(std::istreambuf_iterator<char>(file), {});
    if (file.bad()) return failed(path, "read");
    if (name_of(bytes) != name) return fail(errc::corrupt, path.string() + ": has other bytes than were written");
    return bytes;
}

result<void> file_store::remove(std::string_view name) {
    if (!is_name(name)) return {};
    std::error_code trouble;
    fs::remove(path_of(name), trouble);
    if (trouble) return fail(errc::io, path_of(name).string() + ": cannot remove: " + trouble.message());
    return {};
}

result<void> file_store::for_each_older(time_point before, const std::function<void(const std::string&)>& each) const {
    std::error_code trouble;
    if (!fs::exists(folder_, trouble)) return {};
    const auto limit = fs::file_time_type::clock::from_sys(before);
    for (fs::recursive_directory_iterator at(folder_, trouble), end; !trouble && at != end; at.increment(trouble)) {
        std::error_code gone;
        if (!at->is_regular_file(gone) || gone) continue;
        const auto written = at->last_write_time(gone);
        if (gone || written >= limit) continue;
        const auto name = at->path().filename().string();
        if (is_name(name))
            each(name);
        else
            fs::remove(at->path(), gone);
    }
    if (trouble) return fail(errc::io, folder_.string() + ": cannot list: " + trouble.message());
    return {};
}

}  // namespace kindred::store
