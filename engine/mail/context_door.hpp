#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <mutex>
#include <utility>

namespace kindred::mail {

/// The way from any thread into an io_context that may be gone before those who use it.
class context_door {
public:
    explicit context_door(boost::asio::io_context& inside) : inside_(&inside) {}

    /// Runs `task` inside, or drops it when the door is shut. Thread-safe.
    template <class Task>
    void post(Task task) {
        const std::lock_guard hold(mutex_);
        if (inside_) boost::asio::post(*inside_, std::move(task));
    }
    void shut() {
        const std::lock_guard hold(mutex_);
        inside_ = nullptr;
    }

private:
    std::mutex mutex_;
    boost::asio::io_context* inside_;
};

}  // namespace kindred::mail
