#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Which node is to lead which of many sites: decided by each node for itself, from what all of them see. Nothing is
/// lost where two see something else, for the lease lets one of them in.
namespace kindred::store::redis {

/// A node that is alive and has the site.
struct candidate {
    std::string node;
    std::size_t leads = 0;  ///< other sites than the one in question

    bool operator==(const candidate&) const = default;
};

/// 0: as many as there are.
struct lead_cap {
    std::size_t sites = 0;

    bool leaves_room_at(const candidate& one) const { return sites == 0 || one.leads < sites; }
};

/// Whose turn it is to lead a site that nobody leads: who leads the fewest. Among those it is the one that led it last,
/// else an order by which every site begins with another one. Nothing: all of them lead as many as they may.
std::optional<std::string> whose_turn(std::string_view site, std::string_view led_last,
                                      const std::vector<candidate>& candidates, lead_cap cap);

/// Who is to lead a site instead of `leader`, one of them: only where the other one leads fewer also afterwards, or as
/// many, so that no site moves back and forth. Nothing: it stays.
std::optional<std::string> better_leader(std::string_view site, std::string_view leader,
                                         const std::vector<candidate>& candidates, lead_cap cap);

}  // namespace kindred::store::redis
