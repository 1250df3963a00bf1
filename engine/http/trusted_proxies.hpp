#pragma once
#include "engine/base/error.hpp"
#include "engine/http/request.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::http {

/// Reverse proxies of our own: what they say of who is behind them is believed, and they may hold any number of
/// connections. What a client writes into the same header itself is never believed: only the part that a trusted proxy
/// has added counts, read from its end.
class trusted_proxies {
public:
    /// Where proxies say it. One of the two: a proxy sets one, and lets the other pass as a client wrote it.
    enum class told_in { x_forwarded_for = 1, forwarded };  ///< the latter of RFC 7239

    /// Nobody.
    trusted_proxies() = default;
    /// Addresses and networks: "127.0.0.1", "10.0.0.0/8", "fd00::/8". errc::invalid names what is neither.
    static result<trusted_proxies> of(const std::vector<std::string>& networks,
                                      told_in header = told_in::x_forwarded_for);

    bool empty() const { return networks_.empty(); }
    /// An address as text. False for what is none.
    bool contains(std::string_view address) const;
    /// Who is behind a request: the other end of the socket unless that is a proxy; else the last address that the
    /// proxies name and that is none of theirs. The view lives as long as the request's.
    std::string_view client_of(const request& asked) const;

private:
    /// IPv4 as IPv6 (RFC 4291 section 2.5.5.2), so that there is one kind.
    using bytes = std::array<std::uint8_t, 16>;
    struct network {
        bytes prefix{};
        unsigned bits = 0;
    };
    static bool read(std::string_view text, bytes& address);

    std::vector<network> networks_;
    told_in header_ = told_in::x_forwarded_for;
};

}  // namespace kindred::http
