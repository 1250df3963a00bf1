#pragma once
#include "engine/dispatch/limits.hpp"
#include "engine/dispatch/plans.hpp"
#include "engine/dispatch/slot_heap.hpp"
#include "engine/dispatch/views.hpp"

#include <array>
#include <compare>
#include <limits>

/// What dispatch keeps of each thing, names replaced by numbers. Plain data; the files named after a task change it.
namespace kindred::dispatch {

using queue_no = std::uint32_t;
using group_no = std::uint32_t;
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

/// Members that matching reads come first: of a ticket that waited long, every cache line is a trip to memory.
struct ticket_record {
    ticket_id id;
    time_point enqueued_at;
    duration head_start{0};
    queue_no queue = none;
    queue_no asked = none;    ///< the queue that was meant before overflow
    queue_no lent_to = none;  ///< whose agents may have it as well
    plan_no plan = plan_book::open_plan;
    std::uint32_t step = 0;
    std::uint32_t cost = 1;
    channel_kind kind = channel_kind::api;
    ticket_state state = ticket_state::waiting;
    claim_kind claim = claim_kind::none;
    bool over_capacity = false;
    bool dirty = false;     ///< could perhaps be offered now
    bool callback = false;  ///< its customer hung up and will be called
    group_no group = none;

    slot_no claimed_for = none;
    slot_no first_offer = none;
    std::uint32_t offers = 0;
    slot_no holder = none;
    slot_no before = none;  ///< neighbours in the holder's list
    slot_no after = none;
    slot_no consulted = none;      ///< the second agent, who is asked
    queue_time step_ends = never;  ///< while it runs
    duration step_left{-1};        ///< while it stands still; -1: the step does not end
    queue_time claim_ends = never;
    std::vector<live_decline> declines;

    target_clocks targets;
    agent_id last_agent;
    agent_id owner;
    time_point until;  ///< end of wrap-up or snooze
    time_point held_since;
    duration claim_for{0};  ///< of a snoozed ticket
};

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

/// A group that an agent may serve. Sorted by rank, then queue, so that one pass finds the best of each.
struct served_group {
    std::uint32_t rank = 0;
    queue_no queue = none;
    group_no group = none;
    bool direct = false;

    auto operator<=>(const served_group&) const = default;
};

inline constexpr std::size_t channel_kinds = all_channel_kinds.size();
inline std::size_t kind_index(channel_kind kind) { return static_cast<std::size_t>(kind) - 1; }

/// Where an agent stands in the lists of its queues.
enum class zone : std::uint8_t { ready = 0, busy, absent };

struct agent_record {
    agent_id id;
    presence state = presence::offline;
    std::string reason;
    time_point since;
    time_point idle_since;
    std::optional<time_point> returns_at;  ///< of one that does not respond
    std::uint32_t capacity = 0;
    std::uint32_t used = 0;
    std::uint8_t kinds = 0;  ///< bit per channel_kind
    zone where = zone::absent;
    bool dirty = false;                ///< could perhaps take something now
    std::vector<std::uint8_t> levels;  ///< by ability_no
    std::vector<membership> queues;
    std::vector<served_group> served;
    std::vector<group_no> claims;  ///< groups held back for this agent
    slot_no first_offer = none;
    slot_no first_held = none;
    std::uint32_t offers = 0;
    std::uint32_t held = 0;
    std::uint32_t wrapping_up = 0;
    std::uint32_t declined = 0;  ///< live declines of waiting tickets
    /// Of `used`, and of `held`, by kind; the place of kind_index().
    std::array<std::uint32_t, channel_kinds> used_by_kind{};
    std::array<std::uint32_t, channel_kinds> held_by_kind{};
    std::vector<slot_no> consults;  ///< tickets of others that this agent is asked about
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
    slot_heap<std::pair<time_point, std::uint64_t>> line;   ///< waiting and offered tickets by enqueued_at
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
struct group_key_hash {
    std::size_t operator()(const group_key& key) const {
        std::uint64_t hash = (std::uint64_t{key.queue} << 32U) | key.demands;
        hash = (hash ^ (hash >> 29U)) * 0xBF58'476D'1CE4'E5B9ULL;
        hash ^= (std::uint64_t{key.cost} << 40U) ^ (static_cast<std::uint64_t>(key.kind) << 34U) ^
                (static_cast<std::uint64_t>(key.claim) << 32U) ^ key.claimed_for;
        hash ^= static_cast<std::uint64_t>(key.lent_to + 1) << 13U;
        return (hash ^ (hash >> 32U)) * 0x94D0'49BB'1331'11EBULL;
    }
};
struct group_record {
    group_key key;
    slot_heap<order_key> heap;
};

/// The first of a group, kept side by side so that an agent looking for work reads little memory.
struct group_head {
    order_key key;  ///< major and aged are `never` where the group is empty
    slot_no ticket = none;
    std::uint32_t cost : 24 = 0;
    std::uint32_t kind : 8 = 0;  ///< kind_index()
};
static_assert(most_units < 1U << 24U);

inline std::uint8_t bit_of(channel_kind kind) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind)); }

}  // namespace kindred::dispatch
