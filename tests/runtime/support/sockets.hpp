#pragma once
#include "engine/http/websocket.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace kindred::runtime {

/// The other end of a desk or chat, as a list of what it was sent.
class listening_socket final : public http::websocket {
public:
    [[nodiscard]] bool send(http::shared_text text) override {
        const std::lock_guard hold(mutex_);
        if (closed_ || room_ == 0) return false;
        --room_;
        heard_.push_back(*text);
        return true;
    }
    using http::websocket::send;
    void close(http::close_code code, std::string_view) override {
        const std::lock_guard hold(mutex_);
        closed_ = code;
    }
    const std::string& peer() const override { return peer_; }

    /// From now on only so many messages fit.
    void leave_room_for(std::size_t messages) {
        const std::lock_guard hold(mutex_);
        room_ = messages;
    }
    std::vector<std::string> heard() const {
        const std::lock_guard hold(mutex_);
        return heard_;
    }
    std::optional<http::close_code> closed() const {
        const std::lock_guard hold(mutex_);
        return closed_;
    }

private:
    const std::string peer_ = "192.0.2.1";
    mutable std::mutex mutex_;
    std::size_t room_ = static_cast<std::size_t>(-1);
    std::vector<std::string> heard_;
    std::optional<http::close_code> closed_;
};

}  // namespace kindred::runtime
