#include "engine/store/redis/lead_board.hpp"

#include "engine/base/id.hpp"
#include "engine/base/log.hpp"

#include <algorithm>
#include <map>

namespace kindred::store::redis {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds follower_lives{3'000};  // after it was heard of, which is once a second
constexpr milliseconds most_wait_for_another{500};
constexpr milliseconds one_move_takes{5'000};
constexpr std::string_view leaders = "leaders";

/// No site of that name can be configured.
site_place above_all_sites(site_place at) {
    at.site = "@sites";
    return at;
}

std::uint64_t now_millis() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<milliseconds>(since).count());
}

/// "<what> <ms since 1970>".
std::pair<std::string, milliseconds> read_row(const std::string& said) {
    const auto space = said.find(' ');
    if (space == std::string::npos) return {said, milliseconds::max()};
    const auto at = parse_number(said.substr(space + 1)).value_or(0);
    const auto now = now_millis();
    return {said.substr(0, space), milliseconds{now > at ? static_cast<std::int64_t>(now - at) : 0}};
}

}  // namespace

lead_board::lead_board(const site_place& at, const redis_options& options)
    : board_(above_all_sites(at), "board"),
      site_(options.site),
      node_(options.node),
      spreads_(options.spread),
      cap_{options.most_sites},
      leader_lives_(std::max(follower_lives, options.lease)) {}

void lead_board::note_leading() {
    if (spreads_)
        (void)board_.ask({"HSET", board_.key(leaders), site_, node_ + ' ' + std::to_string(now_millis())}, false);
}

void lead_board::note_gone() {
    if (spreads_) (void)board_.ask({"HDEL", board_.key(leaders), site_}, false);
}

result<std::vector<lead_board::led_site>> lead_board::all() {
    const auto rows = board_.values(leaders);
    if (!rows) return rows.error();
    std::vector<led_site> found;
    for (const auto& [site, said] : *rows) {
        auto [node, heard_ago] = read_row(said);
        if (heard_ago <= leader_lives_) found.push_back({site, std::move(node), heard_ago});
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.site < b.site; });
    return found;
}

result<std::vector<candidate>> lead_board::candidates(site_log& of_site) {
    const auto led = all();
    if (!led) return led.error();
    std::map<std::string, std::size_t> counts;
    for (const auto& each : *led)
        if (each.site != site_) ++counts[each.node];
    const auto following = followers(of_site);
    if (!following) return following.error();
    std::vector<candidate> found{{node_, counts[node_]}};
    for (const auto& node : *following) found.push_back({node, counts[node]});
    return found;
}

result<std::vector<std::string>> lead_board::followers(site_log& of_site) {
    const auto rows = of_site.values(nodes_table);
    if (!rows) return rows.error();
    std::vector<std::string> found;
    for (const auto& [node, said] : *rows)
        if (node != node_ && read_row(said).second <= follower_lives) found.push_back(node);
    return found;
}

result<bool> lead_board::is_followed(site_log& of_site) {
    const auto found = followers(of_site);
    if (!found) return found.error();
    return !found->empty();
}

bool lead_board::is_my_turn(site_log& of_site, std::string_view led_last) {
    if (!spreads_) return true;
    const auto seen = candidates(of_site);
    if (!seen) return true;
    if (!cap_.leaves_room_at(seen->front())) return false;
    const auto now = std::chrono::steady_clock::now();
    if (!free_since_) free_since_ = now;
    return whose_turn(site_, led_last, *seen, cap_) == node_ || now - *free_since_ >= most_wait_for_another;
}

std::optional<std::string> lead_board::better_leader_than_this(site_log& of_site) {
    if (!spreads_) return std::nullopt;
    const auto better = [&]() -> std::optional<std::string> {
        const auto seen = candidates(of_site);
        return seen ? better_leader(site_, node_, *seen, cap_) : std::nullopt;
    };
    if (!better()) return std::nullopt;
    const auto turn =
        board_.ask({"SET", board_.key("moving"), site_, "NX", "PX", std::to_string(one_move_takes.count())}, false);
    // What was seen before another one moved counts no more.
    return turn && turn->text == "OK" ? better() : std::nullopt;
}

}  // namespace kindred::store::redis
