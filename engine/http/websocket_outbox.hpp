#pragma once
#include "engine/http/mailbox.hpp"
#include "engine/http/websocket.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace kindred::http {

/// The sending half of a WebSocket, as everybody else holds it: a bounded queue that outlives the session it feeds.
class websocket_outbox final : public websocket {
public:
    struct limits {
        std::size_t messages;
        std::size_t bytes;
    };

    websocket_outbox(std::shared_ptr<mailbox> box, limits most, std::string peer);
    /// Says whom to wake; before anybody else sees the outbox.
    void attach(std::weak_ptr<addressee> session) { session_ = std::move(session); }

    using websocket::send;
    bool send(shared_text text) override;
    void close(close_code code, std::string_view reason) override;
    const std::string& peer() const override { return peer_; }

    /// What the session is to do next: write a text, close, or nothing.
    struct order {
        shared_text text;
        std::optional<close_code> close;
        std::string reason;
    };
    order next_order();
    /// Whether it overflowed: the session closes without writing the rest.
    bool has_overflowed() const;
    /// The session is over.
    void end();

private:
    void wake(std::unique_lock<std::mutex> held);

    const std::shared_ptr<mailbox> mailbox_;
    const limits limits_;
    const std::string peer_;
    std::weak_ptr<addressee> session_;
    mutable std::mutex mutex_;
    std::deque<shared_text> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::optional<close_code> close_;
    std::string reason_;
    bool overflowed_ = false;
    bool over_ = false;
    bool woken_ = false;
};

}  // namespace kindred::http
