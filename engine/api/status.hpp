#pragma once
#include "engine/base/error.hpp"
#include "engine/http/response.hpp"

namespace kindred::api {

/// The HTTP status of a failure. The only place that knows both worlds.
unsigned to_status(errc code);

/// The failure as application/problem+json (RFC 9457) with the stable type "/problems/<code>". Details of what is
/// nobody's business (io, corrupt) stay in the log.
http::response problem(const error& failed);
http::response problem(errc code, std::string message);

}  // namespace kindred::api
