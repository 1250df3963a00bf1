#pragma once
#include "engine/app/config.hpp"

namespace kindred::app {

/// Where this node listens for the others: as the configuration says, or at any free port of the address that this
/// machine has towards Redis, for that is a network which they have in common. errc::unavailable: there is none.
result<listen_address> node_listener(const config& settings);

/// "host:port", with brackets where the host is of IPv6.
std::string to_text(const listen_address& at);

}  // namespace kindred::app
