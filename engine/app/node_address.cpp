#include "engine/app/node_address.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>

namespace kindred::app {
namespace {

/// The address that packets to there leave from. Nothing is sent.
std::optional<std::string> address_towards(const redis::server_address& there) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_DGRAM;
    addrinfo* list = nullptr;
    if (getaddrinfo(there.host.c_str(), std::to_string(there.port).c_str(), &wanted, &list) != 0) return std::nullopt;
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> found(list, &freeaddrinfo);
    for (const auto* each = found.get(); each != nullptr; each = each->ai_next) {
        const int probe = ::socket(each->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (probe < 0) continue;
        sockaddr_storage ours{};
        socklen_t size = sizeof ours;
        std::array<char, NI_MAXHOST> text{};
        const bool told = ::connect(probe, each->ai_addr, each->ai_addrlen) == 0 &&
                          ::getsockname(probe, reinterpret_cast<sockaddr*>(&ours), &size) == 0 &&
                          getnameinfo(reinterpret_cast<sockaddr*>(&ours), size, text.data(), text.size(), nullptr, 0,
                                      NI_NUMERICHOST) == 0;
        ::close(probe);
        if (told) return std::string(text.data());
    }
    return std::nullopt;
}

}  // namespace

result<listen_address> node_listener(const config& settings) {
    if (settings.nodes) return *settings.nodes;
    const auto& shared = *settings.shared;
    auto servers = shared.cluster.empty() ? shared.sentinels : shared.cluster;
    if (servers.empty()) servers.push_back(shared.server.server);
    for (const auto& each : servers)
        if (auto host = address_towards(each)) return listen_address{std::move(*host), 0};
    return fail(errc::unavailable, "no way leads to Redis at " + servers.front().host +
                                       ", so this node does not know by which address others reach it: say it with "
                                       "\"listen\" in the store's section");
}

std::string to_text(const listen_address& at) {
    const bool is_v6 = at.host.find(':') != std::string::npos;
    return (is_v6 ? "[" + at.host + "]" : at.host) + ':' + std::to_string(at.port);
}

}  // namespace kindred::app
