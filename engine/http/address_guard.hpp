#pragma once
#include <string_view>

struct sockaddr;

namespace kindred::http {

/// Whether an address belongs to the public internet: not loopback, private (RFC 1918), shared (RFC 6598), link-local,
/// unique local, multicast, reserved, "this network", or an IPv6 form that carries such an IPv4 address. What is
/// neither IPv4 nor IPv6 is not public.
bool is_public_address(const sockaddr& address);

/// The same for the textual form; false for what is no address.
bool is_public_address(std::string_view text);

}  // namespace kindred::http
