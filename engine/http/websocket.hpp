#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace kindred::http {

/// RFC 6455 section 7.4.1, and the IANA registry behind it.
enum class close_code : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    protocol_error = 1002,
    unknown_data = 1003,
    none = 1005,
    abnormal = 1006,
    bad_payload = 1007,
    policy = 1008,
    too_big = 1009,
    internal_error = 1011,
    service_restart = 1012,
    try_again_later = 1013,
};

/// Text that many sessions may share: a broadcast copies nothing.
using shared_text = std::shared_ptr<const std::string>;

/// A live WebSocket. Every call is safe from any thread; none blocks.
class websocket {
public:
    virtual ~websocket() = default;

    /// Queues a text message. False when the session is over or its outbox is full; in the latter case it is closed
    /// with 1013, because a gap in what it sees would be worse than a reconnect.
    [[nodiscard]] virtual bool send(shared_text text) = 0;
    [[nodiscard]] bool send(std::string text) { return send(std::make_shared<const std::string>(std::move(text))); }

    /// Sends what is queued, then closes. `reason` is cut to 123 bytes.
    virtual void close(close_code code, std::string_view reason = {}) = 0;

    /// The address of the other end, as text.
    virtual const std::string& peer() const = 0;

protected:
    websocket() = default;
    websocket(const websocket&) = default;
    websocket& operator=(const websocket&) = default;
};

/// What happens on one WebSocket. All calls come on the session's I/O thread, one at a time: they must not block.
class websocket_events {
public:
    virtual ~websocket_events() = default;

    /// The first call. Keep the pointer weakly, or drop it in on_close().
    virtual void on_open(const std::shared_ptr<websocket>& session) = 0;
    /// A whole text message of well-formed UTF-8. Binary messages close the session with 1003.
    virtual void on_message(std::string_view text) = 0;
    /// The last call, exactly once after on_open(): the peer's close code, ours, or `abnormal`.
    virtual void on_close(close_code code, std::string_view reason) = 0;

protected:
    websocket_events() = default;
    websocket_events(const websocket_events&) = default;
    websocket_events& operator=(const websocket_events&) = default;
};

}  // namespace kindred::http
