#pragma once
#include "engine/runtime/people/retention.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace kindred::runtime {

class site;

struct caretaker_settings {
    retention_settings keep = {};
    duration retention_every = std::chrono::hours{24};
    duration joins_every = std::chrono::hours{1};
};

/// Work that is done once in a while, on a thread of its own beside everything else: what its time is over for goes,
/// and customers who may be one are looked for. One piece of work at a time.
class caretaker {
public:
    /// `on` must outlive this.
    caretaker(site& on, caretaker_settings settings);
    ~caretaker();
    caretaker(const caretaker&) = delete;
    caretaker& operator=(const caretaker&) = delete;

    /// Ends what it does between two pieces. Idempotent.
    void stop();

private:
    void run();
    void retire();
    void look_for_joins();
    bool is_stopping();
    result<std::string> settle(input wanted);

    site& site_;
    const caretaker_settings settings_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::jthread thread_;  // last: it uses everything above
};

}  // namespace kindred::runtime
