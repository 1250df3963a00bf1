#pragma once
#include "engine/dispatch/commands.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

/// Everything that the core says happened. All of a batch happened at the `now` of its command.
namespace kindred::dispatch {

enum class queued_because : std::uint8_t { enqueued = 1, reopened, transferred, replanned, woken };

/// A ticket waits in a queue, perhaps for one agent first.
struct ticket_queued {
    ticket_id ticket;
    std::string queue;
    queued_because because = queued_because::enqueued;
    std::string overflowed_from;  ///< the queue that was meant, when that was full or closed; else empty
    agent_id claimed_for;         ///< held back for this agent at first; 0: nobody

    bool operator==(const ticket_queued&) const = default;
};

/// The hold for one agent is over: everyone eligible in the queue may be offered the ticket now.
struct claim_ended {
    ticket_id ticket;
    agent_id agent;
    bool operator==(const claim_ended&) const = default;
};

/// At most so many of those over whom somebody was chosen are named.
inline constexpr std::size_t most_passed_over = 3;

struct offer_made {
    offer_id offer;
    ticket_id ticket;
    agent_id agent;
    std::string queue;
    time_point expires_at;
    /// Who could have been offered it as well at this moment, the next best first, then 0. Not part of the encoded
    /// form, and neither is what follows.
    std::array<agent_id, most_passed_over> passed_over{};
    std::uint32_t others = 0;  ///< how many could, named above or not
    bool operator==(const offer_made&) const = default;
};

enum class offer_outcome : std::uint8_t { accepted = 1, declined, expired, revoked };

struct offer_closed {
    offer_id offer;
    ticket_id ticket;
    agent_id agent;
    offer_outcome outcome = offer_outcome::accepted;
    std::string reason;  ///< of a revocation: "accepted_by_other", "abandoned", "agent_away", ...
    bool operator==(const offer_closed&) const = default;
};

enum class held_because : std::uint8_t { accepted = 1, assigned, begun, reopened, consulted };

struct ticket_held {
    ticket_id ticket;
    agent_id agent;
    held_because because = held_because::accepted;
    bool over_capacity = false;
    agent_id taken_from;  ///< who held it before a manual assignment; 0: nobody
    bool operator==(const ticket_held&) const = default;
};

/// A later step's requirement holds now.
struct step_advanced {
    ticket_id ticket;
    std::uint32_t step = 0;  ///< from 0
    bool skipped = false;    ///< the step before was passed over because nobody present met it
    bool operator==(const step_advanced&) const = default;
};

struct priority_changed {
    ticket_id ticket;
    duration head_start{0};
    bool operator==(const priority_changed&) const = default;
};

/// The agents of this queue may have it from now on, beside those of its own.
struct ticket_also_offered {
    ticket_id ticket;
    std::string queue;
    bool operator==(const ticket_also_offered&) const = default;
};

enum class target : std::uint8_t { first_response = 1, next_response, resolution };

/// A promised time passed. Said once per target.
struct target_missed {
    ticket_id ticket;
    target which = target::first_response;
    bool operator==(const target_missed&) const = default;
};

/// The holder gave the ticket away; ticket_queued follows.
struct ticket_released {
    ticket_id ticket;
    agent_id agent;
    bool operator==(const ticket_released&) const = default;
};

struct ticket_resolved {
    ticket_id ticket;
    agent_id agent;
    std::string disposition;
    bool operator==(const ticket_resolved&) const = default;
};
struct wrap_up_started {
    ticket_id ticket;
    agent_id agent;
    time_point until;
    bool operator==(const wrap_up_started&) const = default;
};
struct wrap_up_ended {
    ticket_id ticket;
    agent_id agent;
    bool operator==(const wrap_up_ended&) const = default;
};

/// A ticket that nobody held left the line because its customer did.
struct ticket_abandoned {
    ticket_id ticket;
    std::string queue;
    duration waited{0};
    bool operator==(const ticket_abandoned&) const = default;
};
struct ticket_snoozed {
    ticket_id ticket;
    agent_id agent;
    time_point until;
    bool operator==(const ticket_snoozed&) const = default;
};
struct ticket_removed {
    ticket_id ticket;
    bool operator==(const ticket_removed&) const = default;
};

struct agent_changed {
    agent_id agent;
    presence state = presence::offline;
    std::string reason;  ///< "not_responding" after an expired offer, "gone" after a lost desk, else as given
    bool operator==(const agent_changed&) const = default;
};
struct agent_removed {
    agent_id agent;
    bool operator==(const agent_removed&) const = default;
};
struct queue_opened {
    std::string queue;
    bool operator==(const queue_opened&) const = default;
};
struct queue_closed {
    std::string queue;
    bool holiday = false;
    bool operator==(const queue_closed&) const = default;
};

/// A second agent is asked; `by` keeps the ticket.
struct consult_started {
    ticket_id ticket;
    agent_id agent;
    agent_id by;
    bool operator==(const consult_started&) const = default;
};
struct consult_ended {
    ticket_id ticket;
    agent_id agent;
    std::string reason;  ///< "ended", "agent_offline", "released", "resolved", "taken_over"
    bool operator==(const consult_ended&) const = default;
};
/// From now on the ticket waits without its customer on the line.
struct callback_requested {
    ticket_id ticket;
    std::string queue;
    bool operator==(const callback_requested&) const = default;
};
struct closure_set {
    std::string queue;
    time_point until;
    std::string by;
    bool operator==(const closure_set&) const = default;
};
struct closure_ended {
    std::string queue;
    bool lifted = false;  ///< by hand, before its time
    bool operator==(const closure_ended&) const = default;
};
struct notice_set {
    std::string queue;
    std::string text;
    time_point until;
    std::string by;
    bool operator==(const notice_set&) const = default;
};
struct notice_ended {
    std::string queue;
    bool lifted = false;
    bool operator==(const notice_ended&) const = default;
};
/// The agents of `from` may have what waits in `queue` from now on; until borrowing_ended.
struct borrowing_started {
    std::string queue;
    std::string from;
    duration estimated_wait{0};  ///< with the queue's own agents
    bool operator==(const borrowing_started&) const = default;
};
struct borrowing_ended {
    std::string queue;
    std::string from;
    duration estimated_wait{0};
    bool operator==(const borrowing_ended&) const = default;
};

/// The order is part of the encoded form: append only.
using event =
    std::variant<ticket_queued, claim_ended, offer_made, offer_closed, ticket_held, step_advanced, priority_changed,
                 target_missed, ticket_released, ticket_resolved, wrap_up_started, wrap_up_ended, ticket_abandoned,
                 ticket_snoozed, ticket_removed, agent_changed, agent_removed, queue_opened, queue_closed,
                 ticket_also_offered, consult_started, consult_ended, callback_requested, closure_set, closure_ended,
                 notice_set, notice_ended, borrowing_started, borrowing_ended>;

/// The event's snake_case name, as in timelines and metrics.
std::string_view name_of(const event& happened);
/// The ticket it is about; 0 where it is about none.
ticket_id ticket_of(const event& happened);
/// The agent it is about; 0 where it is about none.
agent_id agent_of(const event& happened);

std::string_view name_of(queued_because because);
std::string_view name_of(offer_outcome outcome);
std::string_view name_of(held_because because);
std::string_view name_of(target which);
std::string_view name_of(presence state);

}  // namespace kindred::dispatch
