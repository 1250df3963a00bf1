#include "engine/redis/sentinel.hpp"

#include "engine/base/id.hpp"

#include <array>

namespace kindred::redis {
namespace {

constexpr std::chrono::milliseconds patience{500};

result<server_address> ask(const sentinel_settings& by, const server_address& at, const tls::stop_bell& bell) {
    connection_settings settings;
    settings.server = at;
    settings.tls = by.tls;
    settings.ca_file = by.ca_file;
    settings.password = by.password;
    settings.connect_within = settings.answer_within = patience;
    const auto opened = connection::open(settings, bell);
    if (!opened) return opened.error();
    const std::array question{command{"SENTINEL", "get-master-addr-by-name", by.master}};
    const auto replies = (*opened)->call(question);
    if (!replies) return replies.error();
    const auto& said = replies->front();
    if (said.is_refusal()) return fail(errc::unavailable, said.text);
    const auto port = said.list.size() == 2 ? parse_number(said.list[1].text) : std::nullopt;
    if (!port || *port == 0 || *port > 0xFFFF)
        return fail(errc::unavailable, "the sentinel knows no master \"" + by.master + '"');
    return server_address{said.list[0].text, static_cast<std::uint16_t>(*port)};
}

}  // namespace

result<server_address> find_master(const sentinel_settings& by, const tls::stop_bell& bell) {
    std::string why;
    for (const auto& each : by.servers) {
        auto found = ask(by, each, bell);
        if (found) return found;
        why += "; " + each.host + ":" + std::to_string(each.port) + ": " + found.error().message;
    }
    return fail(errc::unavailable, "no sentinel says which Redis is the master of \"" + by.master + '"' + why);
}

}  // namespace kindred::redis
