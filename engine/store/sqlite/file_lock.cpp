#include "engine/store/sqlite/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace kindred::store::sqlite {

result<file_lock> file_lock::take(const std::string& path) {
    constexpr auto owner_only = 0600;
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only);
    if (descriptor < 0) {
        return fail(errc::io, path + ": cannot make the lock file: " + std::generic_category().message(errno) +
                                  "; check that the folder exists and that this user may write there");
    }
    file_lock taken(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return taken;
    if (errno == EWOULDBLOCK) {
        return fail(errc::conflict,
                    path + ": another Kindred process uses this store: stop it first, or name another store");
    }
    return fail(errc::io, path + ": cannot lock: " + std::generic_category().message(errno));
}

file_lock::~file_lock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace kindred::store::sqlite
