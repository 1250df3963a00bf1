#pragma once
#include "engine/http/refusal.hpp"
#include "engine/http/request.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace kindred::http {

/// How the body of a request is delimited.
struct body_framing {
    bool chunked = false;
    std::uint64_t length = 0;  ///< of a body that is not chunked
    bool expects_continue = false;
};

inline constexpr std::size_t most_header_bytes = 8192;
inline constexpr std::size_t most_target_bytes = 4096;
inline constexpr std::size_t most_header_fields = 100;

/// Refuses what two HTTP implementations could read differently, which the parser before it lets through: this is what
/// stands between a proxy's view of a connection and ours (RFC 9112 sections 3.2, 5.2, 6.1, 6.3, 11.2).
/// `raw` is the request line and header as received.
std::optional<refusal> check_head(std::string_view raw, const request& head, body_framing& framing);

/// The path and query of a target in origin, absolute or asterisk form. False when it is none of these.
bool split_target(std::string_view target, std::string_view& path, std::string_view& query);

}  // namespace kindred::http
