#pragma once
#include <chrono>

namespace kindred::app {

/// SIGTERM, SIGINT and SIGHUP as values instead of interruptions. Make it before any other thread: signals are blocked
/// in all threads that start afterwards. SIGPIPE is ignored.
class signal_watch {
public:
    enum class told { nothing = 1, stop, reload };

    signal_watch();
    told wait(std::chrono::milliseconds patience);
    /// From now on the next SIGTERM or SIGINT ends the process at once.
    void exit_on_next_stop();
};

}  // namespace kindred::app
