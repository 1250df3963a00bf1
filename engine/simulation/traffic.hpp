#pragma once
#include "engine/dispatch/commands.hpp"
#include "engine/domain/contact.hpp"
#include "engine/domain/customer.hpp"
#include "engine/simulation/distribution.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kindred::simulation {

/// Contacts that come at a rate (a Poisson process), alike in what they say and who sends them.
struct arrival_row {
    std::array<double, 24> per_hour{};  ///< by hour of day in the site's time zone
    contact about;
    customer who;
    bool any_customer = true;  ///< `who` has no id of its own: each contact is another customer's
};

/// So many agents who can all do the same.
struct roster_row {
    std::string name;  ///< may be empty
    std::int64_t agents = 0;
    std::vector<std::string> queues;
    std::vector<dispatch::requirement> abilities;
    std::uint32_t capacity = 1;
    std::string present;  ///< a calendar of the rules; empty: always
    double declines = 0;  ///< of their offers, 0 to 1
    double misses = 0;    ///< offers left until they expire, likewise
};

/// What comes, how long it takes, and who is there for it.
struct traffic {
    duration lasts{};
    std::uint64_t seed = 1;
    time_point start;
    std::vector<arrival_row> arrivals;
    by_queue handling;
    by_queue patience;  ///< a queue that is not named: customers wait for ever
    std::vector<roster_row> roster;
    std::optional<duration> wrap_up;  ///< in place of what the rules say, for every queue and kind
    duration answer{0};               ///< until an agent accepts or declines an offer
    duration back_after{60'000};      ///< until who missed an offer is there again, where the rules do not say it
    std::vector<duration> service_levels{duration{20'000}};
};

}  // namespace kindred::simulation
