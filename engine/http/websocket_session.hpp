#pragma once
#include "engine/http/io_thread.hpp"
#include "engine/http/request.hpp"

#include <string>

namespace kindred::http {

/// What keeps this request from being a WebSocket handshake (RFC 6455 section 4.2.1); empty when nothing does.
std::string check_handshake(const request& asked);

/// Answers the handshake and serves the session on `home` until it ends; `asked` passed check_handshake(). The
/// connection counts as admitted and is released at the end.
void open_websocket(wire taken, boost::asio::ip::address peer, io_thread& home, const request& asked, upgrade granted);

}  // namespace kindred::http
