#pragma once
#include "engine/http/response.hpp"
#include "engine/http/websocket.hpp"

#include <functional>
#include <memory>
#include <string>

namespace kindred::http {

namespace detail {
class pending_answer;
}

/// The obligation to answer one request. Copies share it: the first answer counts, later ones are ignored, and when
/// the last copy goes away unanswered the client gets 500. Every call is safe from any thread, at any time, also after
/// the connection or the server has gone.
class responder {
public:
    explicit responder(std::shared_ptr<detail::pending_answer> pending);
    /// Answers go to `sink` instead of a connection: for code that runs handlers without a server.
    explicit responder(std::function<void(response)> sink);
    /// The same for requests that may become WebSockets: `accepted` gets what accept() was given.
    responder(std::function<void(response)> sink,
              std::function<void(std::shared_ptr<websocket_events>, std::string protocol)> accepted);
    responder(const responder&);
    responder(responder&&) noexcept;
    responder& operator=(const responder&);
    responder& operator=(responder&&) noexcept;
    ~responder();

    void send(response answer) const;

    /// Turns the connection into a WebSocket. Whoever calls has checked Origin and identity. A request that is no
    /// valid handshake is answered 400. `protocol` is echoed as Sec-WebSocket-Protocol when not empty.
    void accept(std::shared_ptr<websocket_events> events, std::string protocol = {}) const;

private:
    std::shared_ptr<detail::pending_answer> pending_;
};

}  // namespace kindred::http
