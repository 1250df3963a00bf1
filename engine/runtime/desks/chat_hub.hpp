#pragma once
#include "engine/domain/ids.hpp"
#include "engine/http/websocket.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::runtime {

/// Orders all messages of one visitor over several tickets: ticket number x 100,000 + entry.
constexpr std::uint64_t chat_number(ticket_id ticket, std::uint32_t entry) { return ticket.value * 100'000 + entry; }

/// The open web chats by channel and visitor. Thread-safe.
class chat_hub {
public:
    /// Called when a visitor comes (back): what waits for him can be sent. From any thread.
    explicit chat_hub(std::function<void(const std::string& channel, const std::string& visitor)> arrived = {})
        : arrived_(std::move(arrived)) {}

    /// What is pushed to a visitor between the reading of his history and his chat's being open. Ends with its owner.
    class coming;
    /// To be asked before the history is read, and given to enter(): nothing falls between the two.
    std::shared_ptr<coming> expect(const std::string& channel, const std::string& visitor);

    /// Sends the chat what came since it was `expected`; may be what its history has already.
    void enter(const std::string& channel, const std::string& visitor, const std::shared_ptr<http::websocket>& chat,
               const std::shared_ptr<coming>& expected = nullptr);
    void leave(const std::string& channel, const std::string& visitor, const http::websocket* chat);
    /// True when at least one open chat of the visitor took the frame: one that is expected may never open.
    bool push(const std::string& channel, const std::string& visitor, const http::shared_text& frame);
    bool is_open(const std::string& channel, const std::string& visitor) const;
    std::size_t open_chats() const;

private:
    using place = std::pair<std::string, std::string>;
    void forget(const place& where, const coming* expected);

    std::function<void(const std::string&, const std::string&)> arrived_;
    mutable std::mutex mutex_;
    std::map<place, std::vector<std::shared_ptr<http::websocket>>> chats_;
    std::map<place, std::vector<coming*>> expected_;
};

}  // namespace kindred::runtime
