#include "engine/app/signals.hpp"

#include <pthread.h>
#include <csignal>
#include <ctime>

namespace kindred::app {
namespace {

sigset_t watched() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    return set;
}

}  // namespace

signal_watch::signal_watch() {
    const auto set = watched();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, nullptr);
}

signal_watch::told signal_watch::wait(std::chrono::milliseconds patience) {
    const auto set = watched();
    timespec limit{};
    limit.tv_sec = static_cast<std::time_t>(patience.count() / 1000);
    limit.tv_nsec = static_cast<long>(patience.count() % 1000 * 1'000'000);
    switch (sigtimedwait(&set, nullptr, &limit)) {
        case SIGTERM:
        case SIGINT: return told::stop;
        case SIGHUP: return told::reload;
        default: return told::nothing;
    }
}

void signal_watch::exit_on_next_stop() {
    // Unblocked again, their default action ends the process.
    const auto set = watched();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace kindred::app
