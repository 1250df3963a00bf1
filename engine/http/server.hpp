#pragma once
#include "engine/base/error.hpp"
#include "engine/http/handler.hpp"
#include "engine/http/observer.hpp"
#include "engine/http/trusted_proxies.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace kindred::tls {
class server_identity;
}

namespace kindred::http {

/// Limits of one server. The defaults are the ones that docs/security.md promises.
struct server_settings {
    std::size_t threads = 1;
    std::size_t max_connections = 20'000;
    std::size_t max_connections_per_peer = 1'000;  ///< `proxies` are not peers: all the world comes by them
    trusted_proxies proxies;                       ///< request::peer is who is behind them
    std::size_t max_in_flight = 10'000;            ///< requests awaiting their answer, over all connections
    std::size_t max_buffered_bytes = 512U << 20U;  ///< bodies being received, over all connections

    std::chrono::milliseconds handshake_within{10'000};  ///< of TLS, from the connection's first moment
    std::chrono::milliseconds header_within{10'000};
    std::chrono::milliseconds body_window{20'000};  ///< in each window at least `body_bytes_per_second` must arrive
    std::size_t body_bytes_per_second = 1024;
    std::chrono::milliseconds idle_within{75'000};    ///< between requests of one connection
    std::chrono::milliseconds write_within{30'000};   ///< without any progress
    std::chrono::milliseconds answer_within{60'000};  ///< for the handler; then 503
    std::chrono::milliseconds sweep_every{1'000};     ///< how often the limits above are looked at

    std::chrono::seconds retry_after{1};  ///< told with every 503 of the server's own

    std::size_t websocket_message_bytes = 64U << 10U;
    std::size_t websocket_outbox_messages = 256;
    std::size_t websocket_outbox_bytes = 1U << 20U;
    std::chrono::milliseconds websocket_idle{300'000};  ///< pings go out after half of it; no sign of life ends it
};

/// HTTP/1.1 and WebSocket over TCP or TLS: some I/O threads, any number of listeners, each with its handler.
/// listen() and start() come from one thread; stop() may come from another one, but not from an I/O thread.
class server {
public:
    /// `watching` may be null.
    explicit server(const server_settings& limits, std::shared_ptr<observer> watching = nullptr);
    /// Stops at once when nobody did before.
    ~server();
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    /// Binds and listens; port 0 takes any free one. Gives the port. errc::invalid for an address that is none,
    /// errc::io when the system refuses (in use, not permitted). Connections are taken once start() was called.
    /// With an identity every connection begins with a TLS handshake.
    result<std::uint16_t> listen(const std::string& address, std::uint16_t port, std::shared_ptr<handler> answering,
                                 std::shared_ptr<tls::server_identity> identity = nullptr);

    void start();

    /// Drains: no new connection, idle ones closed, WebSockets closed with 1001, requests in flight answered with
    /// `Connection: close`, those that complete only now refused with 503. What is not done after `patience` is cut.
    /// All threads are joined when it returns. Idempotent.
    void stop(std::chrono::milliseconds patience);

    /// Open connections, WebSockets included.
    std::size_t connections() const;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace kindred::http
