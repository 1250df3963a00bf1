#include "engine/store/redis/turns.hpp"

#include "engine/base/digest.hpp"

#include <algorithm>
#include <tuple>

namespace kindred::store::redis {
namespace {

/// The same on every node, and another order of nodes for every site (rendezvous hashing).
std::string rank_of(std::string_view site, const candidate& one) {
    return hmac_of(hash_kind::sha256, site, {one.node});
}

const candidate* first_in_line(std::string_view site, const std::vector<candidate>& candidates, lead_cap cap) {
    const candidate* first = nullptr;
    for (const auto& each : candidates) {
        if (!cap.leaves_room_at(each)) continue;
        if (first == nullptr || each.leads < first->leads ||
            (each.leads == first->leads && rank_of(site, each) < rank_of(site, *first)))
            first = &each;
    }
    return first;
}

const candidate* find(const std::vector<candidate>& candidates, std::string_view node) {
    const auto found =
        std::find_if(candidates.begin(), candidates.end(), [&](const auto& each) { return each.node == node; });
    return found == candidates.end() ? nullptr : &*found;
}

}  // namespace

std::optional<std::string> whose_turn(std::string_view site, std::string_view led_last,
                                      const std::vector<candidate>& candidates, lead_cap cap) {
    const auto* const first = first_in_line(site, candidates, cap);
    if (first == nullptr) return std::nullopt;
    const auto* const last = find(candidates, led_last);
    if (last != nullptr && cap.leaves_room_at(*last) && last->leads <= first->leads) return last->node;
    return first->node;
}

std::optional<std::string> better_leader(std::string_view site, std::string_view leader,
                                         const std::vector<candidate>& candidates, lead_cap cap) {
    const auto* const now = find(candidates, leader);
    const auto* const first = first_in_line(site, candidates, cap);
    // With this site the one leads a site more than it says, and without it the other one a site fewer.
    if (now == nullptr || first == nullptr || now->leads < first->leads + 1) return std::nullopt;
    return first->node;
}

}  // namespace kindred::store::redis
