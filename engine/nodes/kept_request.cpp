#include "engine/nodes/kept_request.hpp"

#include "engine/base/text.hpp"
#include "engine/http/header_gate.hpp"
#include "engine/nodes/pass.hpp"

#include <algorithm>
#include <array>

namespace kindred::nodes {
namespace {

/// RFC 9110 section 7.6.1, and what each end writes anew.
constexpr std::array<std::string_view, 15> of_one_connection{"connection",
                                                             "keep-alive",
                                                             "proxy-connection",
                                                             "te",
                                                             "trailer",
                                                             "transfer-encoding",
                                                             "upgrade",
                                                             "expect",
                                                             "content-length",
                                                             "date",
                                                             "proxy-authenticate",
                                                             "proxy-authorization",
                                                             "sec-websocket-key",
                                                             "sec-websocket-version",
                                                             "sec-websocket-extensions"};

bool travels(std::string_view name) {
    return !equal_ignoring_case(name, pass_header) && !equal_ignoring_case(name, not_leading_header) &&
           std::none_of(of_one_connection.begin(), of_one_connection.end(),
                        [&](std::string_view each) { return equal_ignoring_case(each, name); });
}

/// Any key will do: nobody but the handshake's own check looks at it.
constexpr std::array<http::header_view, 4> handshake{{{"Connection", "Upgrade"},
                                                      {"Upgrade", "websocket"},
                                                      {"Sec-WebSocket-Version", "13"},
                                                      {"Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="}}};

}  // namespace

kept_request::kept_request(const http::request& asked)
    : method(asked.method),
      target(asked.target),
      body(asked.body),
      peer(asked.peer),
      websocket(asked.wants_websocket()) {
    for (const auto& each : asked.headers)
        if (travels(each.name)) headers.emplace_back(each.name, each.value);
}

http::request kept_request::view() const {
    http::request made;
    made.method = method;
    made.target = target;
    http::split_target(target, made.path, made.query);
    for (const auto& [name, value] : headers) made.headers.push_back({name, value});
    if (websocket) made.headers.insert(made.headers.end(), handshake.begin(), handshake.end());
    made.body = body;
    made.peer = peer;
    return made;
}

std::string_view kept_request::header(std::string_view name) const {
    for (const auto& [each, value] : headers)
        if (equal_ignoring_case(each, name)) return value;
    return {};
}

http::response to_response(http::client_response said) {
    std::string_view type;
    for (const auto& [name, value] : said.headers)
        if (equal_ignoring_case(name, "content-type")) type = value;
    auto made = type.empty() && said.body.empty() ? http::response::empty(said.status)
                                                  : http::response(said.status, std::move(said.body), type);
    for (const auto& [name, value] : said.headers)
        if (travels(name) && !equal_ignoring_case(name, "content-type")) made.header(name, value);
    return made;
}

}  // namespace kindred::nodes
