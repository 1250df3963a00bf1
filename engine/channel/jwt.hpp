#pragma once
#include "engine/base/json.hpp"
#include "engine/base/public_key.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// JSON Web Tokens (RFC 7519) in the two forms that providers use. The algorithm is ours to choose, never the token's.
namespace kindred::channel {

/// The claims of a token that one of the secrets signed with HS256; nothing for every other token, "none" included.
/// Times are not looked at.
std::optional<json::document> verified_claims(std::string_view token, const std::vector<std::string>& secrets);

/// A token with these claims (a JSON object), signed with RS256.
std::string signed_token(const private_key& key, std::string_view claims);

}  // namespace kindred::channel
