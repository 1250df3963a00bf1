#pragma once
#include "engine/dispatch/commands.hpp"
#include "engine/dispatch/events.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the core answers when it is asked: copies, valid for ever.
namespace kindred::dispatch {

enum class ticket_state : std::uint8_t { waiting = 1, offered, held, snoozed, wrapping_up };
std::string_view name_of(ticket_state state);

struct queue_figures {
    bool open = true;
    std::uint32_t waiting = 0;  ///< offered ones included
    duration longest_wait{0};
    std::uint32_t agents_present = 0;  ///< available ones, busy or not
    std::uint32_t agents_ready = 0;    ///< of those, with room for something
    /// What a ticket without demands and head start that came now would wait, by the formula of docs/dispatch.md.
    duration estimated_wait{0};
    bool holiday = false;                    ///< closed, by a holiday
    std::optional<time_point> closed_until;  ///< closed by a supervisor
    std::string notice;                      ///< what customers are told; empty: nothing
    time_point notice_until;                 ///< of the notice
    std::vector<std::string> borrows_from;   ///< queues whose agents it uses now
    duration mean_handling{0};
};

/// Whether a queue takes work now, and what its customers are told: all that most questions about a queue want to know.
struct queue_door {
    bool open = true;
    bool holiday = false;  ///< closed, by a holiday
    std::string notice;    ///< empty: nothing
};

/// Where a ticket stands, or would stand.
struct wait_estimate {
    std::uint32_t position = 0;  ///< 1: next; counts all of its queue that go before it, at most 1000 of each group
    std::uint32_t slots = 0;     ///< tickets like this one that those present who meet its step can have at once
    duration wait{0};
};

/// A ticket that might come.
struct newcomer {
    std::string queue;
    duration head_start{0};
    channel_kind kind = channel_kind::phone;
    std::uint32_t cost = 1;
};

struct agent_figures {
    presence state = presence::offline;
    std::string reason;
    time_point since;  ///< of this presence
    std::uint32_t capacity = 0;
    std::uint32_t used = 0;  ///< costs of what is offered, held and wrapped up
    std::uint32_t offers = 0;
    std::uint32_t held = 0;
    std::uint32_t wrapping_up = 0;
    time_point idle_since;  ///< when work last began or ended, or it became available
};

struct offer_view {
    offer_id offer;
    ticket_id ticket;
    agent_id agent;
    time_point made_at;
    time_point expires_at;
};

struct ticket_view {
    ticket_id ticket;
    ticket_state state = ticket_state::waiting;
    std::string queue;
    channel_kind kind = channel_kind::api;
    std::uint32_t cost = 1;
    std::uint32_t step = 0;  ///< from 0
    std::uint32_t steps = 1;
    duration head_start{0};
    time_point enqueued_at;
    agent_id holder;           ///< 0: nobody
    agent_id claimed_for;      ///< held back for this agent; 0: nobody
    std::string also_offered;  ///< the queue whose agents may have it as well; empty: none
    bool over_capacity = false;
    bool callback = false;                        ///< waits without its customer on the line
    agent_id consulted;                           ///< the second agent, who is asked; 0: nobody
    std::optional<time_point> until;              ///< end of wrap-up or snooze
    std::optional<duration> first_response_left;  ///< negative once missed
    std::optional<duration> next_response_left;
    std::optional<duration> resolution_left;
    std::vector<offer_view> offers;
};

/// The nearest of what a ticket is promised and has not got.
struct due_target {
    target which = target::first_response;
    duration left{0};              ///< on its queue's clock, which stands while it is closed; negative once missed
    std::optional<time_point> at;  ///< when that is, or was; nothing while the queue is closed
    bool operator==(const due_target&) const = default;
};

/// In what order an agent is ruled out for a ticket.
enum class funnel_stage : std::uint8_t { in_queue = 0, channel, present, room, requirement, not_declined, offerable };
inline constexpr std::size_t funnel_stages = 7;
std::string_view name_of(funnel_stage stage);

/// Why a ticket was, or was not, offered to whom.
struct explanation {
    /// How many agents passed each stage up to and including it, in the order of funnel_stage.
    std::array<std::uint32_t, funnel_stages> passed{};
    /// Something about the ticket itself that stops every offer: "queue_closed", "not_waiting", "offers_used_up",
    /// "claimed" (held back for one agent); empty: nothing.
    std::string held_back;
    /// The first stage that the agent asked about failed; none: it passed them all, or nobody was asked about.
    std::optional<funnel_stage> failed;
    /// A sentence on that failure: what was needed and what the agent has.
    std::string detail;
};

}  // namespace kindred::dispatch
