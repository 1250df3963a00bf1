#pragma once
#include "engine/base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// Passwords as argon2id (RFC 9106) with the parameters that OWASP names as the least: 19 MiB, 2 passes, 1 lane.
namespace kindred::api {

inline constexpr std::size_t shortest_password = 10;    // characters
inline constexpr std::size_t longest_password = 1'024;  // bytes: hashing is not for free

/// Whether somebody may have this as a new password; errc::invalid says why not.
result<void> check_new_password(std::string_view password);
/// The encoded hash of a password, with a salt of its own. Takes some 50 ms and 19 MiB.
std::string hash_password(std::string_view password);
/// Takes as long as hashing. False for an encoding that is none.
bool password_matches(const std::string& encoded, std::string_view password);
/// As long as a real check, for logins that do not exist.
void waste_a_check(std::string_view password);

}  // namespace kindred::api
