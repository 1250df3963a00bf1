#pragma once
#include "engine/http/client.hpp"
#include "engine/http/websocket.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kindred::http {

/// Limits of what one program says to others of its kind. The bounds are for each address.
struct peer_settings {
    std::size_t most_connections = 128;          ///< that carry requests; WebSockets have their own
    std::size_t most_waiting = 10'000;           ///< requests for which no connection is free
    std::size_t most_answer_bytes = 64U << 20U;  ///< of one body
    std::chrono::milliseconds connect_within{1'000};
    std::chrono::milliseconds idle_within{30'000};  ///< a connection is kept open so long; less than servers keep it
    std::size_t websocket_message_bytes = 2U << 20U;
    std::size_t websocket_waiting_bytes = 1U << 20U;   ///< to be sent on one
    std::chrono::milliseconds websocket_idle{10'000};  ///< pings go out after half of it; no sign of life ends it
};

/// A request to another node.
struct peer_request {
    std::string to;  ///< "host:port", "[::1]:port"
    std::string method;
    std::string target;
    /// Content-Length and Connection are written by the client.
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::chrono::milliseconds within{60'000};
};

/// What happens on a WebSocket that was opened to another node. All calls come on the client's thread.
class peer_events : public websocket_events {
public:
    /// Instead of on_open(): it was answered as if it were a plain request, or there is no connection (errors as of
    /// peer_client::send()). The last call.
    virtual void on_refused(result<client_response> why) = 0;
};

/// Plain HTTP/1.1 and WebSockets to other nodes, on one thread of its own; connections are kept for the next request.
/// Thread-safe.
class peer_client {
public:
    using done = std::function<void(result<client_response>)>;

    explicit peer_client(const peer_settings& settings = {});
    ~peer_client();
    peer_client(const peer_client&) = delete;
    peer_client& operator=(const peer_client&) = delete;

    /// `then` runs once, on the client's thread, with what came back, or
    /// errc::unavailable  nothing was sent: no such address, no connection, stopped;
    /// errc::overloaded   nothing was sent: too many wait already;
    /// errc::unknown      sent, and no whole answer came (or one too large): it may or may not have happened.
    void send(peer_request wanted, done then);
    /// Opens a WebSocket; `wanted` has the handshake's target and headers, but none that are the handshake's own.
    void open(peer_request wanted, std::shared_ptr<peer_events> events);
    /// Cuts every connection to that address: requests under way end with errc::unknown, WebSockets with `abnormal`.
    void leave(const std::string& address);
    /// Runs `task` on the client's thread, unless it stops before.
    void after(std::chrono::milliseconds pause, std::function<void()> task);
    /// Cuts everything and joins. Idempotent.
    void stop();

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

/// Host and port of an address as above; errc::invalid for what is none.
result<std::pair<std::string, std::string>> split_address(std::string_view address);

}  // namespace kindred::http
