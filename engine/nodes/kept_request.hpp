#pragma once
#include "engine/http/peer_client.hpp"
#include "engine/http/request.hpp"
#include "engine/http/response.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kindred::nodes {

/// A request that is answered later, with what may travel from node to node: no header of the connection it came by,
/// and no pass that somebody else wrote.
struct kept_request {
    explicit kept_request(const http::request& asked);

    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string peer;
    bool websocket = false;

    /// Views into this. A WebSocket's handshake is complete again.
    http::request view() const;
    std::string_view header(std::string_view name) const;
};

/// What another node answered, as it goes on to who asked.
http::response to_response(http::client_response said);

}  // namespace kindred::nodes
