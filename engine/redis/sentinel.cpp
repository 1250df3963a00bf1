#include "engine/redis/sentinel.hpp"

#include "engine/base/id.hpp"

#include <array>
#include <optional>

namespace kindred::redis {
namespace {

constexpr std::chrono::milliseconds patience{500};

/// What one sentinel says.
struct named_master {
    server_address server;
    std::uint64_t epoch = 0;  ///< of its configuration: each failover raises it
};

/// The value behind the name in a list of names and values.
std::uint64_t number_behind(const reply& list, std::string_view name) {
    for (std::size_t i = 0; i + 1 < list.list.size(); i += 2)
        if (list.list[i].text == name) return parse_number(list.list[i + 1].text).value_or(0);
    return 0;
}

result<named_master> ask(const sentinel_settings& by, const server_address& at, const tls::stop_bell& bell) {
    connection_settings settings;
    settings.server = at;
    settings.tls = by.tls;
    settings.ca_file = by.ca_file;
    settings.password = by.password;
    settings.connect_within = settings.answer_within = patience;
    const auto opened = connection::open(settings, bell);
    if (!opened) return opened.error();
    // During a failover the first names the new master already, the second only how new that is.
    const std::array questions{command{"SENTINEL", "get-master-addr-by-name", by.master},
                               command{"SENTINEL", "MASTER", by.master}};
    const auto replies = (*opened)->call(questions);
    if (!replies) return replies.error();
    const auto& said = replies->front();
    if (said.is_refusal()) return fail(errc::unavailable, said.text);
    const auto port = said.list.size() == 2 ? parse_number(said.list[1].text) : std::nullopt;
    if (!port || *port == 0 || *port > 0xFFFF)
        return fail(errc::unavailable, "the sentinel knows no master \"" + by.master + '"');
    return named_master{{said.list[0].text, static_cast<std::uint16_t>(*port)},
                        number_behind((*replies)[1], "config-epoch")};
}

}  // namespace

result<server_address> find_master(const sentinel_settings& by, const tls::stop_bell& bell) {
    std::string why;
    std::optional<named_master> latest;
    for (const auto& each : by.servers) {
        const auto found = ask(by, each, bell);
        if (found && (!latest || found->epoch > latest->epoch)) latest = *found;
        if (!found) why += "; " + each.host + ":" + std::to_string(each.port) + ": " + found.error().message;
    }
    if (latest) return latest->server;
    return fail(errc::unavailable, "no sentinel says which Redis is the master of \"" + by.master + '"' + why);
}

}  // namespace kindred::redis
