#pragma once
#include <sys/resource.h>
#include <unistd.h>

namespace kindred {

/// Lets every other thread go first: what the calling thread does is owed to nobody at once. On Linux a nice value is a
/// thread's own, and threads that it begins have it, too. It cannot be taken back.
inline void work_in_the_background() {
    constexpr int nice = 10;
    (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice);
}

}  // namespace kindred
