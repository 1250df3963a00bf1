#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"
#include "engine/http/request.hpp"

#include <string>
#include <string_view>

namespace kindred::nodes {

/// The header by which one node tells another that a request is passed on, and for whom. What outsiders write into it
/// is worth nothing: it is believed by its signature, whose key those alone have who can read the site's store.
inline constexpr std::string_view pass_header = "Kindred-Forwarded";

/// Of an answer: the node does not lead, or does not believe the pass, so the request has had no effect there.
inline constexpr std::string_view not_leading_header = "Kindred-Not-Leading";

struct pass {
    std::string node;    ///< that passes it on
    std::string client;  ///< the address of who asks
};

/// The header's value for this request. `key` is not empty.
std::string write_pass(std::string_view key, const pass& by, std::string_view method, std::string_view target,
                       std::string_view body, time_point now);

/// What a request's pass says. errc::unauthorized: it has none, or one that is forged, altered or older than five
/// minutes.
result<pass> read_pass(std::string_view key, const http::request& asked, time_point now);

}  // namespace kindred::nodes
