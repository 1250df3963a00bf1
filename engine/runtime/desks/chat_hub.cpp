#include "engine/runtime/desks/chat_hub.hpp"

namespace kindred::runtime {

void chat_hub::enter(const std::string& channel, const std::string& visitor,
                     const std::shared_ptr<http::websocket>& chat) {
    {
        const std::lock_guard hold(mutex_);
        chats_[{channel, visitor}].push_back(chat);
    }
    if (arrived_) arrived_(channel, visitor);
}

void chat_hub::leave(const std::string& channel, const std::string& visitor, const http::websocket* chat) {
    const std::lock_guard hold(mutex_);
    const auto found = chats_.find({channel, visitor});
    if (found == chats_.end()) return;
    std::erase_if(found->second, [&](const auto& each) { return each.get() == chat; });
    if (found->second.empty()) chats_.erase(found);
}

bool chat_hub::push(const std::string& channel, const std::string& visitor, const http::shared_text& frame) {
    const std::lock_guard hold(mutex_);
    const auto found = chats_.find({channel, visitor});
    if (found == chats_.end()) return false;
    bool taken = false;
    for (const auto& chat : found->second) taken = chat->send(frame) || taken;
    return taken;
}

bool chat_hub::is_open(const std::string& channel, const std::string& visitor) const {
    const std::lock_guard hold(mutex_);
    return chats_.contains({channel, visitor});
}

std::size_t chat_hub::open_chats() const {
    const std::lock_guard hold(mutex_);
    std::size_t count = 0;
    for (const auto& [who, open] : chats_) count += open.size();
    return count;
}

}  // namespace kindred::runtime
