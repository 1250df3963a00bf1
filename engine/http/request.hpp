#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace kindred::http {

struct header_view {
    std::string_view name;   ///< as sent: compare ignoring case
    std::string_view value;  ///< without surrounding blanks
};

/// One HTTP request. Every view lives as long as the call it is passed to; copy what must live longer.
struct request {
    std::string_view method;
    std::string_view target;  ///< as sent
    std::string_view path;    ///< the target without query; still percent-encoded
    std::string_view query;   ///< raw, without '?'
    std::vector<header_view> headers;
    std::string_view body;  ///< chunk framing removed, nothing decoded
    std::string_view peer;  ///< address of who asks, as text: the socket's other end, or who is behind a proxy of ours
    bool http_1_0 = false;
    bool keep_alive = true;  ///< what the client asked for

    /// The value of the first such header, ignoring case; empty when there is none.
    std::string_view header(std::string_view name) const;
    std::size_t count(std::string_view name) const;
    /// The value when the header occurs exactly once.
    std::optional<std::string_view> single_header(std::string_view name) const;
    /// The raw value of a cookie by name (RFC 6265 section 4.2); nothing when it is missing or occurs twice.
    std::optional<std::string_view> cookie(std::string_view name) const;
    /// Whether this asks for a WebSocket (RFC 6455 section 4.2.1).
    bool wants_websocket() const;
};

/// Whether a comma-separated header value names `token`, ignoring case.
bool has_token(std::string_view list, std::string_view token);

}  // namespace kindred::http
