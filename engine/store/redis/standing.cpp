#include "engine/base/id.hpp"
#include "engine/store/redis/function_library.hpp"
#include "engine/store/redis/redis_store.hpp"
#include "engine/store/redis/snapshots.hpp"

namespace kindred::store {
namespace {

using kindred::redis::reply;

std::uint64_t number_of(const reply& from) { return parse_number(from.text).value_or(0); }

result<std::vector<node_standing>> nodes_of(redis::site_log& in, std::uint64_t seq, std::uint64_t now) {
    const auto rows = in.values(redis::nodes_table);
    if (!rows) return rows.error();
    std::vector<node_standing> found;
    for (const auto& [name, said] : *rows) {
        const auto space = said.find(' ');
        const auto at = space == std::string::npos ? 0 : parse_number(said.substr(space + 1)).value_or(0);
        const auto reached = parse_number(said.substr(0, space)).value_or(0);
        found.push_back({name, reached, seq > reached ? seq - reached : 0,
                         std::chrono::milliseconds{now > at ? static_cast<std::int64_t>(now - at) : 0}});
    }
    return found;
}

}  // namespace

result<site_standing> standing_of(const redis_options& options) {
    const auto place = redis::place_of(options);
    redis::site_log in(place, "status");
    const auto head = in.ask({"HMGET", in.key("head"), "owner", "address", "epoch", "exp", "seq"}, false);
    if (!head) return head.error();
    const auto time = in.ask({"TIME"}, false);
    if (!time) return time.error();
    if (head->list.size() != 5 || time->list.size() != 2)
        return fail(errc::corrupt, "Redis answers in no form of ours");
    const auto now = number_of(time->list[0]) * 1000 + number_of(time->list[1]) / 1000;
    const auto& said = head->list;
    site_standing found;
    const auto ends = number_of(said[3]);
    found.leads = {said[0].text, said[1].text, number_of(said[2]),
                   std::chrono::milliseconds{ends > now ? static_cast<std::int64_t>(ends - now) : 0}};
    found.seq = number_of(said[4]);
    for (const auto& [stream, into] : {std::pair("log", &found.log_batches), std::pair("inbox", &found.undecided)}) {
        const auto length = in.ask({"XLEN", in.key(stream)}, false);
        if (!length) return length.error();
        *into = static_cast<std::uint64_t>(length->number);
    }
    redis::snapshots kept(in, place);
    const auto newest = kept.newest();
    if (!newest) return newest.error();
    if (*newest) {
        found.snapshot_seq = (*newest)->end.seq;
        found.snapshot_bytes = (*newest)->packed;
        found.snapshot_pieces = (*newest)->pieces;
        const auto damage = kept.damage_of(**newest);
        found.snapshot_lacks = damage ? std::optional(damage->gone + damage->going) : std::nullopt;
    }
    if (options.files_in_redis) {
        const auto sum = redis::file_shelves(redis::place_of(options), !options.cluster.empty()).sum();
        // Whoever may not see them, or not all while a master of a cluster is away, can be told the rest.
        found.files = sum ? std::optional(sum->files) : std::nullopt;
        found.file_bytes = sum ? std::optional(sum->bytes) : std::nullopt;
    }
    auto nodes = nodes_of(in, found.seq, now);
    if (!nodes) return nodes.error();
    found.follow = std::move(*nodes);
    const auto led = redis::lead_board(place, options).all();
    if (led)
        for (const auto& each : *led) found.sites.push_back({each.site, each.node});
    return found;
}

std::string functions_for_redis() { return redis::functions().text; }

}  // namespace kindred::store
