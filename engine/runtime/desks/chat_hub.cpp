#include "engine/runtime/desks/chat_hub.hpp"

#include <utility>

namespace kindred::runtime {
namespace {

/// An opening takes milliseconds; one that never ends must not gather.
constexpr std::size_t most_held = 64;

}  // namespace

class chat_hub::coming {
public:
    explicit coming(place where) : where(std::move(where)) {}

    const place where;
    std::vector<http::shared_text> frames;  ///< under the hub's mutex
};

std::shared_ptr<chat_hub::coming> chat_hub::expect(const std::string& channel, const std::string& visitor) {
    std::shared_ptr<coming> made(new coming({channel, visitor}), [this](coming* over) {
        forget(over->where, over);
        delete over;
    });
    const std::lock_guard hold(mutex_);
    expected_[made->where].push_back(made.get());
    return made;
}

void chat_hub::forget(const place& where, const coming* expected) {
    const std::lock_guard hold(mutex_);
    const auto found = expected_.find(where);
    if (found == expected_.end()) return;
    std::erase(found->second, expected);
    if (found->second.empty()) expected_.erase(found);
}

void chat_hub::enter(const std::string& channel, const std::string& visitor,
                     const std::shared_ptr<http::websocket>& chat, const std::shared_ptr<coming>& expected) {
    {
        const std::lock_guard hold(mutex_);
        chats_[{channel, visitor}].push_back(chat);
        if (expected)
            for (auto& each : std::exchange(expected->frames, {})) (void)chat->send(std::move(each));
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
    if (const auto waiting = expected_.find({channel, visitor}); waiting != expected_.end())
        for (auto* each : waiting->second)
            if (each->frames.size() < most_held) each->frames.push_back(frame);
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
