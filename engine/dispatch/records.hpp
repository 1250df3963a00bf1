#pragma once
#include "engine/dispatch/arrivals.hpp"
#include "engine/dispatch/limits.hpp"
#include "engine/dispatch/plans.hpp"
#include "engine/dispatch/ranked_list.hpp"
#include "engine/dispatch/served_groups.hpp"
#include "engine/dispatch/slot_heap.hpp"
#include "engine/dispatch/views.hpp"

#include <array>
#include <compare>
#include <limits>

/// What dispatch keeps of each thing, names replaced by numbers. Plain data; the files named after a task change it.
namespace kindred::dispatch {

inline constexpr std::uint32_t none = no_slot;

/// Milliseconds on a queue's clock, which stands still while the queue is closed.
using queue_time = std::int64_t;
inline constexpr queue_time never = std::numeric_limits<queue_time>::max();

/// The place of a waiting ticket among others; does not change with time. `aged` is enqueued_at - head start.
struct order_key {
    std::int64_t major = never;
    std::int64_t aged = never;
    std::uint64_t ticket = 0;

    auto operator<=>(const order_key&) const = default;
};

struct live_decline {
    slot_no agent = none;
    time_point until;
};

/// Moments of the three targets, each while it runs.
struct target_clocks {
    std::array<std::int64_t, 3> allowed{-1, -1, -1};  ///< milliseconds; -1: not promised. Indexed by target - 1
    queue_time counted_from = 0;                      ///< of first_response and resolution; elapsed time while paused
    queue_time next_from = 0;                         ///< of next_response, likewise
    bool replied = false;
    bool next_runs = false;
    std::uint8_t missed = 0;  ///< bit per target
    bool paused = false;
};

/// What stands between a waiting ticket and the whole queue.
enum class claim_kind : std::uint8_t {
    none = 1,
    preferred,  ///< the queue's `prefer`: the agent must be eligible as any other
    direct,     ///< named by hand or history: membership, requirements and a closed queue do not matter
};

/// Three lines of memory: of a ticket that waited long each is a trip, so the first has what matching and holding read,
/// the second what else waiting and being held needs, the third what many tickets never need.
struct alignas(64) ticket_record {
    ticket_id id;
    time_point enqueued_at;
    duration head_start{0};
    queue_no queue = none;
    plan_no plan = plan_book::open_plan;
    group_no group = none;
    slot_no claimed_for = none;
    slot_no holder = none;
    slot_no first_offer = none;
    std::uint32_t cost = 1;
    channel_kind kind = channel_kind::api;
    ticket_state state = ticket_state::waiting;
    claim_kind claim = claim_kind::none;
    std::uint8_t step = 0;
    std::uint8_t offers = 0;
    bool over_capacity = false;
    bool dirty = false;         ///< could perhaps be offered now
    bool on_clock = false;      ///< stands on its queue's clock
    bool callback : 1 = false;  ///< its customer hung up and will be called
    bool declined : 1 = false;  ///< core::declines has who did
    bool promised : 1 = false;  ///< has a target
    bool timed : 1 = false;     ///< has a timer of its own

    queue_time step_ends = never;  ///< while it runs
    duration step_left{-1};        ///< while it stands still; -1: the step does not end
    queue_time claim_ends = never;
    time_point held_since;
    agent_id last_agent;
    time_point until;          ///< end of wrap-up or snooze
    queue_no asked = none;     ///< the queue that was meant before overflow
    queue_no lent_to = none;   ///< whose agents may have it as well
    slot_no consulted = none;  ///< the second agent, who is asked

    target_clocks targets;
    agent_id owner;
    duration claim_for{0};  ///< of a snoozed ticket
};
static_assert(sizeof(ticket_record) == 192 && most_steps < 256 && most_offers_at_once < 256);

struct offer_record {
    offer_id id;
    slot_no ticket = none;
    slot_no agent = none;
    time_point made_at;
    time_point expires_at;
    slot_no next_of_ticket = none;
    slot_no next_of_agent = none;
};

/// An agent in a queue, and where it stands in that queue's list.
struct membership {
    queue_no queue = none;
    std::uint32_t rank = 0;
    std::uint32_t position = 0;
};

inline constexpr std::size_t channel_kinds = all_channel_kinds.size();
inline std::size_t kind_index(channel_kind kind) { return static_cast<std::size_t>(kind) - 1; }

/// Where an agent stands in the lists of its queues.
enum class zone : std::uint8_t { ready = 0, busy, absent };

/// What looking for work reads stands first.
struct alignas(64) agent_record {
    agent_id id;
    time_point idle_since;
    served_groups served;
    std::uint32_t capacity = 0;
    std::uint32_t used = 0;
    slot_no first_offer = none;
    std::uint32_t offers = 0;
    std::uint32_t declined = 0;  ///< live declines of waiting tickets
    presence state = presence::offline;
    std::uint8_t kinds = 0;  ///< bit per channel_kind
    zone where = zone::absent;
    bool dirty = false;  ///< could perhaps take something now

    /// Of `used`, and of `held`, by kind; the place of kind_index().
    std::array<std::uint32_t, channel_kinds> used_by_kind{};
    std::array<std::uint32_t, channel_kinds> held_by_kind{};
    std::uint32_t held = 0;
    std::uint32_t wrapping_up = 0;
    time_point since;

    std::vector<slot_no> holds;  ///< tickets, in no useful order
    std::vector<membership> queues;
    std::vector<std::uint8_t> levels;      ///< by ability_no
    std::vector<group_no> claims;          ///< groups held back for this agent
    std::vector<slot_no> consults;         ///< tickets of others that this agent is asked about
    std::optional<time_point> returns_at;  ///< of one that does not respond
    std::string reason;
};

inline constexpr duration first_guess_of_handling{90'000};

/// What a queue's waits have been like, for estimates. Integers, so that every machine has the same.
struct wait_statistics {
    std::uint32_t handled = 0;     ///< tickets in the mean, up to where it no longer matters
    std::uint32_t usual_cost = 1;  ///< of the ticket that came last
    duration waited{0};            ///< all waits, each counting less the older it is
    std::int64_t left = 0;         ///< how many of them ended because the customer left, in 1/2^20, likewise

    bool operator==(const wait_statistics&) const = default;
};

/// How often tickets with this head start come to wait in a queue.
struct inflow_level {
    duration head_start{0};
    time_point last_came;
    std::uint32_t gaps = 0;  ///< between arrivals, up to where it no longer matters
    duration gaps_sum{0};    ///< of the last ones, each counting less the older it is

    bool operator==(const inflow_level&) const = default;
};

struct queue_record {
    queue_settings settings;
    bool configured = false;
    std::uint32_t tickets = 0;  ///< open ones that belong here, waiting or not
    bool open = true;           ///< by calendar and supervisors
    bool calendar_open = true;  ///< by the calendar alone
    bool holiday = false;       ///< why the calendar has it closed
    std::optional<time_point> closed_until;
    std::string notice;
    time_point notice_until;          ///< where there is a notice
    std::vector<queue_no> lenders;    ///< whose agents it uses now, by name
    std::vector<queue_no> borrowers;  ///< who uses its agents now, by name
    std::int64_t closed_for = 0;      ///< milliseconds until now, or until `closed_at`
    time_point closed_at;
    std::vector<slot_no> members;  ///< first the ready, then others available, then the absent
    std::uint32_t ready = 0;
    std::uint32_t available = 0;
    std::vector<group_no> groups;
    std::vector<group_no> lent_groups;  ///< of other queues, whose tickets may be offered here as well
    slot_heap<std::pair<queue_time, std::uint64_t>> clock;  ///< tickets by their next moment on the queue's clock
    arrivals line;                                          ///< waiting and offered tickets
    agent_id offered_last;                                  ///< for round_robin
    duration mean_handling = first_guess_of_handling;
    wait_statistics waits;
    std::vector<inflow_level> inflow;  ///< at most `most_inflow_levels`
};

/// Waiting tickets of one queue that the same agents can serve: equal demands, cost and kind, held back for the same
/// agent, or lent to the same queue.
struct group_key {
    queue_no queue = none;
    signature_no demands = 0;
    std::uint32_t cost = 1;
    channel_kind kind = channel_kind::api;
    claim_kind claim = claim_kind::none;
    slot_no claimed_for = none;
    queue_no lent_to = none;

    bool operator==(const group_key&) const = default;
};
inline std::uint64_t hash_of(const group_key& key) {
    const std::uint64_t who = (std::uint64_t{key.claimed_for} << 32U) | key.lent_to;
    const std::uint64_t what = (std::uint64_t{key.cost} << 8U) | (static_cast<std::uint64_t>(key.kind) << 4U) |
                               static_cast<std::uint64_t>(key.claim);
    return mixed(mixed((std::uint64_t{key.queue} << 32U) | key.demands, what), who);
}
struct group_record {
    group_key key;
    ranked_list<order_key> line;
};

/// The first of a group and what decides whether it can be had now, side by side so that an agent looking for work
/// reads little memory.
struct group_head {
    order_key key;  ///< major and aged are `never` where the group is empty
    slot_no ticket = none;
    std::uint32_t cost : 20 = 0;
    std::uint32_t kind : 4 = 0;    ///< kind_index()
    std::uint32_t barred : 1 = 0;  ///< the queue is closed to it
    std::uint32_t by_age : 1 = 0;  ///< the queue's order is `aged`: its groups need not be compared first
};
static_assert(most_units < 1U << 20U && channel_kinds <= 16 && sizeof(group_head) == 32);

/// What an agent looking for work compares of a group: the age of its first, `never` where there is none to be had, and
/// `first_of_all` where the queue's own order must be asked.
using group_age = std::int64_t;
inline constexpr group_age first_of_all = std::numeric_limits<group_age>::min();

inline std::uint8_t bit_of(channel_kind kind) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind)); }

}  // namespace kindred::dispatch
