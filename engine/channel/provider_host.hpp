#pragma once
#include <string_view>

/// Where a proof of ours may go. Whoever writes to us may name any address for a file, so a file's address is looked at
/// before a token is sent along.
namespace kindred::channel {

/// Whether the address is below that base: the same scheme, host and port, and its path. `base` has no '/' at its end.
bool is_below(std::string_view url, std::string_view base);

/// Whether it is an https address at the domain or below it; with a user name or another port it is not.
bool is_https_within(std::string_view url, std::string_view domain);

}  // namespace kindred::channel
