#include "engine/http/address_guard.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace kindred::http {
namespace {

struct range4 {
    std::uint32_t network;
    unsigned bits;
};

constexpr std::uint32_t ip(unsigned a, unsigned b, unsigned c, unsigned d) { return a << 24U | b << 16U | c << 8U | d; }

// The IANA special-purpose registry for IPv4, as far as it is not globally reachable.
constexpr range4 special4[] = {
    {ip(0, 0, 0, 0), 8},      {ip(10, 0, 0, 0), 8},     {ip(100, 64, 0, 0), 10}, {ip(127, 0, 0, 0), 8},
    {ip(169, 254, 0, 0), 16}, {ip(172, 16, 0, 0), 12},  {ip(192, 0, 0, 0), 24},  {ip(192, 0, 2, 0), 24},
    {ip(192, 88, 99, 0), 24}, {ip(192, 168, 0, 0), 16}, {ip(198, 18, 0, 0), 15}, {ip(198, 51, 100, 0), 24},
    {ip(203, 0, 113, 0), 24}, {ip(224, 0, 0, 0), 4},    {ip(240, 0, 0, 0), 4},
};

bool is_public4(std::uint32_t address) {
    return std::ranges::none_of(special4,
                                [&](range4 range) { return (address ^ range.network) >> (32U - range.bits) == 0; });
}

std::uint32_t ipv4_at(std::span<const unsigned char, 16> bytes, std::size_t at) {
    return ip(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

bool begins_with(std::span<const unsigned char, 16> bytes, std::initializer_list<unsigned char> prefix) {
    return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool is_public6(std::span<const unsigned char, 16> bytes) {
    if (begins_with(bytes, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF})) return is_public4(ipv4_at(bytes, 12));
    if (begins_with(bytes, {0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0})) return is_public4(ipv4_at(bytes, 12));
    if (begins_with(bytes, {0x20, 0x02})) return is_public4(ipv4_at(bytes, 2));
    if (begins_with(bytes, {0x20, 0x01, 0x0D, 0xB8})) return false;             // documentation
    if (bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] < 0x02) return false;  // 2001::/23: Teredo and others
    return (bytes[0] & 0xE0U) == 0x20;  // 2000::/3 is all that is global unicast
}

}  // namespace

bool is_public_address(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        return is_public4(ntohl(v4.sin_addr.s_addr));
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address, sizeof v6);
        return is_public6(std::span<const unsigned char, 16>(v6.sin6_addr.s6_addr));
    }
    return false;
}

bool is_public_address(std::string_view text) {
    const std::string terminated(text);
    in_addr v4{};
    if (inet_pton(AF_INET, terminated.c_str(), &v4) == 1) return is_public4(ntohl(v4.s_addr));
    std::array<unsigned char, 16> v6{};
    return inet_pton(AF_INET6, terminated.c_str(), v6.data()) == 1 && is_public6(v6);
}

}  // namespace kindred::http
