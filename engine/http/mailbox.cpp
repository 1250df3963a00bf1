#include "engine/http/mailbox.hpp"

#include <boost/asio/post.hpp>

namespace kindred::http {
namespace {

thread_local const mailbox* home_of_this_thread = nullptr;

}  // namespace

void mailbox::settle() const { home_of_this_thread = this; }
bool mailbox::is_home() const { return home_of_this_thread == this; }

void mailbox::put(std::weak_ptr<addressee> to, letter sent) {
    const std::lock_guard hold(mutex_);
    if (!context_) return;
    waiting_.emplace_back(std::move(to), std::move(sent));
    // Posted under the lock: close() must not overtake it, for the context may be gone right after.
    if (waiting_.size() == 1) boost::asio::post(*context_, [this] { empty(); });
}

void mailbox::close() {
    const std::lock_guard hold(mutex_);
    context_ = nullptr;
    waiting_.clear();
}

void mailbox::empty() {
    std::vector<std::pair<std::weak_ptr<addressee>, letter>> taken;
    {
        const std::lock_guard hold(mutex_);
        taken.swap(waiting_);
    }
    for (auto& [to, received] : taken) {
        if (const auto present = to.lock()) present->deliver(std::move(received));
    }
}

}  // namespace kindred::http
