#pragma once
#include "engine/channel/connector.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kindred::channel {

/// Why a request must be refused whose sender proves itself by HTTP Basic credentials (RFC 7617), as in an address such
/// as https://user:password@host: not_configured, missing_signature, wrong_signature. Always 401, never 403, which some
/// providers take as "never again". `credentials` are "user:password".
std::optional<reception> refuse_unless_basic_auth(const request& arrived, const std::vector<std::string>& credentials);

}  // namespace kindred::channel
