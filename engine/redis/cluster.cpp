#include "engine/redis/cluster.hpp"

#include "engine/redis/refusal.hpp"

#include <algorithm>
#include <array>

namespace kindred::redis {
namespace {

constexpr std::chrono::milliseconds patience{500};

/// CRC-16/XMODEM, which the cluster's specification names.
std::uint16_t crc16(std::string_view bytes) {
    constexpr unsigned polynomial = 0x1021;
    unsigned crc = 0;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned>(static_cast<unsigned char>(byte)) << 8U;
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000U) != 0 ? (crc << 1U) ^ polynomial : crc << 1U;
    }
    return static_cast<std::uint16_t>(crc & 0xFFFFU);
}

std::optional<server_address> server_of(const reply& said, const server_address& asked) {
    if (said.list.size() < 2 || said.list[1].number <= 0 || said.list[1].number > 0xFFFF) return std::nullopt;
    const auto& host = said.list[0].text;
    return server_address{host.empty() || host == "?" ? asked.host : host,
                          static_cast<std::uint16_t>(said.list[1].number)};
}

std::optional<slot_range> range_of(const reply& said, const server_address& asked) {
    if (said.list.size() < 3) return std::nullopt;
    const auto first = said.list[0].number;
    const auto last = said.list[1].number;
    if (first < 0 || last < first || last >= slots) return std::nullopt;
    slot_range made{static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last), {}};
    for (std::size_t i = 2; i < said.list.size(); ++i) {
        const auto server = server_of(said.list[i], asked);
        if (!server) return std::nullopt;
        made.servers.push_back(*server);
    }
    return made;
}

void add_once(std::vector<server_address>& to, const server_address& one) {
    if (std::find(to.begin(), to.end(), one) == to.end()) to.push_back(one);
}

result<slot_map> ask(const connection_settings& settings, const server_address& at, const tls::stop_bell& bell) {
    auto to = settings;
    to.server = at;
    to.connect_within = std::min(to.connect_within, patience);
    to.answer_within = std::min(to.answer_within, patience);
    const auto opened = connection::open(to, bell);
    if (!opened) return opened.error();
    const std::array question{command{"CLUSTER", "SLOTS"}};
    const auto replies = (*opened)->call(question);
    if (!replies) return replies.error();
    const auto& said = replies->front();
    if (said.is_refusal() && said.text.find("cluster support disabled") != std::string::npos)
        return fail(errc::invalid, "it is of no cluster: name it under \"server\", or set \"cluster-enabled yes\"");
    if (said.is_refusal()) return fail(errc::unavailable, said.text);
    return slot_map_of(said, at);
}

}  // namespace

std::uint16_t slot_of(std::string_view key) {
    const auto open = key.find('{');
    const auto close = open == std::string_view::npos ? open : key.find('}', open + 1);
    const bool has_tag = close != std::string_view::npos && close > open + 1;
    return crc16(has_tag ? key.substr(open + 1, close - open - 1) : key) % slots;
}

const server_address* slot_map::master_of(std::uint16_t slot) const {
    for (const auto& each : ranges)
        if (each.first <= slot && slot <= each.last) return &each.servers.front();
    return nullptr;
}

std::vector<server_address> slot_map::masters() const {
    std::vector<server_address> found;
    for (const auto& each : ranges) add_once(found, each.servers.front());
    return found;
}

std::vector<server_address> slot_map::all() const {
    auto found = masters();
    for (const auto& each : ranges)
        for (const auto& server : each.servers) add_once(found, server);
    return found;
}

result<slot_map> slot_map_of(const reply& said, const server_address& asked) {
    slot_map made;
    for (const auto& each : said.list) {
        auto range = range_of(each, asked);
        if (!range) return fail(errc::corrupt, "CLUSTER SLOTS is answered in a form that is not known");
        made.ranges.push_back(std::move(*range));
    }
    return made;
}

result<slot_map> find_slots(const connection_settings& settings, const std::vector<server_address>& servers,
                            const tls::stop_bell& bell) {
    std::string why;
    for (const auto& each : servers) {
        auto found = ask(settings, each, bell);
        const auto where = each.host + ":" + std::to_string(each.port);
        if (found && !found->ranges.empty()) return found;
        if (!found && (found.error().code == errc::invalid || found.error().code == errc::unauthorized))
            return fail(found.error().code, "Redis at " + where + ": " + found.error().message);
        why += "; " + where + ": " + (found ? "knows of no slots" : found.error().message);
    }
    return fail(errc::unavailable, "no server of the cluster says who has its slots" + why);
}

}  // namespace kindred::redis
