#pragma once
#include "engine/store/redis/options.hpp"
#include "engine/store/redis/site_log.hpp"
#include "engine/store/redis/turns.hpp"

#include <chrono>
#include <optional>

namespace kindred::store::redis {

/// Who leads which site of a Redis, as all nodes tell each other there; what a node makes of it is in turns.hpp. Only
/// the lease decides: where the board is out of date, or Redis does not let us read it, sites are spread unevenly for a
/// while, and that is all. Thread-safe but for is_my_turn(), which one thread asks.
class lead_board {
public:
    /// A row of the board.
    struct led_site {
        std::string site;
        std::string node;
        std::chrono::milliseconds heard_ago{0};
    };

    lead_board(const site_place& at, const redis_options& options);

    /// That this node leads its site. To be said again at least once a lease, for it is forgotten.
    void note_leading();
    void note_gone();
    /// Whether this node is to try for its site, which nobody leads; a node that was to, and does not, is not waited
    /// for long. `of_site`: where those who follow the site tell that they live.
    bool is_my_turn(site_log& of_site, std::string_view led_last);
    /// Somebody leads it.
    void note_led() { free_since_.reset(); }
    /// The node to which this one is to hand its site on. One site moves at a time, of all.
    std::optional<std::string> better_leader_than_this(site_log& of_site);

    /// Whether another node follows the site, and was heard of lately.
    result<bool> is_followed(site_log& of_site);

    result<std::vector<led_site>> all();

private:
    result<std::vector<candidate>> candidates(site_log& of_site);
    result<std::vector<std::string>> followers(site_log& of_site);

    site_log board_;
    const std::string site_;
    const std::string node_;
    const bool spreads_;
    const lead_cap cap_;
    const std::chrono::milliseconds leader_lives_;  ///< after it was heard of
    std::optional<std::chrono::steady_clock::time_point> free_since_;
};

}  // namespace kindred::store::redis
