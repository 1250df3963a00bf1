#pragma once
#include "engine/base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace kindred::load {

/// Where the load goes.
struct target {
    std::string host;  ///< a name or an address, without the brackets of IPv6
    std::uint16_t port = 80;
    std::string path;  ///< with its query; never empty

    /// "host:port" as a Host header has it: brackets around IPv6, the default port left out.
    std::string authority() const;
    /// The URL again, in full.
    std::string url() const { return "http://" + authority() + path; }
};

/// "http://HOST[:PORT][/PATH]". Without a path the demo's WhatsApp webhook is meant. errc::invalid says what is wrong:
/// another scheme (there is no TLS here), user names, anything that could end the request line early.
result<target> parse_target(std::string_view url);

}  // namespace kindred::load
