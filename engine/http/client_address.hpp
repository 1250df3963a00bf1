#pragma once
#include "engine/http/request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kindred::http {

/// Who is behind a request, for rate limits and audit: the peer itself, or, where the peer is one of our own proxies,
/// the last address in X-Forwarded-For that is not. What a client writes into that header itself is never believed.
std::string_view client_address(const request& asked, const std::vector<std::string>& trusted_proxies);

}  // namespace kindred::http
