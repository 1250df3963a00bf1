#pragma once
#include "engine/dispatch/settings.hpp"
#include "engine/domain/ids.hpp"

#include <string>
#include <variant>
#include <vector>

/// Everything that the core can be told. Each either happens whole or is refused with a named error and changes
/// nothing.
namespace kindred::dispatch {

/// Replaces the queues. Tickets stay where they are; a queue that is no longer named still serves what waits in it, and
/// takes nothing new. Agents and open offers are kept.
struct configure {
    std::vector<queue_settings> queues;
    /// After this long an agent that let an offer expire is available again; 0: only when the agent says so.
    duration not_responding_for{0};
    /// While an agent holds a ticket of `kind`, in wrap-up no more, it is offered none of the others.
    std::vector<kind_rule> pauses = {};
    /// A ticket of `kind` may be offered to an agent as if the others used none of its units.
    std::vector<kind_rule> interrupts = {};

    bool operator==(const configure&) const = default;
};

/// A queue's calendar, or a supervisor, opened or closed it. New queues are open.
struct open_queue {
    std::string queue;
    bool operator==(const open_queue&) const = default;
};
struct close_queue {
    std::string queue;
    bool holiday = false;  ///< closed by a holiday, not by the hours; may change while closed
    bool operator==(const close_queue&) const = default;
};

struct agent_queue {
    std::string name;
    std::uint32_t rank = 0;  ///< a lower rank goes first whatever the waits; equal ranks compare waits

    bool operator==(const agent_queue&) const = default;
};

/// Makes or changes an agent. Presence is kept; a new agent is offline.
struct upsert_agent {
    agent_id agent;
    std::vector<agent_queue> queues;     ///< names that are not configured (yet) are remembered
    std::vector<requirement> abilities;  ///< skills and languages with the agent's level
    std::vector<channel_kind> kinds;     ///< which it works on; empty: all
    std::uint32_t capacity = 10;         ///< units

    bool operator==(const upsert_agent&) const = default;
};

/// Forgets an agent that holds nothing; its open offers are revoked.
struct remove_agent {
    agent_id agent;
    bool operator==(const remove_agent&) const = default;
};

enum class presence : std::uint8_t { available = 1, away, offline };

/// Anything but available revokes the agent's open offers at once. Held tickets stay.
struct set_presence {
    agent_id agent;
    presence state = presence::offline;
    std::string reason;  ///< of being away: "lunch", ...

    bool operator==(const set_presence&) const = default;
};

/// The agent's desk vanished (its lease ran out): offline with reason "gone", offers freed, held tickets kept.
struct agent_gone {
    agent_id agent;
    bool operator==(const agent_gone&) const = default;
};

/// A ticket that dispatch does not know yet starts to wait.
struct enqueue {
    ticket_id ticket;
    channel_kind kind = channel_kind::api;
    std::uint32_t cost = 1;  ///< units of an agent's capacity, 1 or more
    ticket_plan plan;
    agent_id last_agent;  ///< who served this customer last; 0: nobody
    agent_id owner;       ///< 0: nobody

    bool operator==(const enqueue&) const = default;
};

/// A resolved ticket comes back as a claim on its last agent: held back for that agent for `claim_for` while present,
/// else it waits for everyone. A ticket still in wrap-up goes back to who wraps it up.
struct reopen {
    ticket_id ticket;
    channel_kind kind = channel_kind::api;
    std::uint32_t cost = 1;
    ticket_plan plan;
    agent_id last_agent;
    duration claim_for{60'000};

    bool operator==(const reopen&) const = default;
};

struct accept {
    offer_id offer;
    agent_id agent;
    bool operator==(const accept&) const = default;
};
struct decline {
    offer_id offer;
    agent_id agent;
    bool operator==(const decline&) const = default;
};

/// The talk is over. Wrap-up begins where the queue has one for the ticket's kind, else the agent is free at once.
struct resolve {
    ticket_id ticket;
    std::string disposition;
    bool operator==(const resolve&) const = default;
};
struct end_wrap_up {
    ticket_id ticket;
    bool operator==(const end_wrap_up&) const = default;
};
/// From now on the wrap-up lasts `more`.
struct extend_wrap_up {
    ticket_id ticket;
    duration more{0};
    bool operator==(const extend_wrap_up&) const = default;
};

/// To a queue, or to a present agent (a claim for `claim_for`, then everyone in the queue). A ticket that still waited
/// keeps its place in time; one that was held waits from now.
struct transfer {
    ticket_id ticket;
    std::string queue;  ///< empty: its present one
    agent_id agent;     ///< 0: nobody in particular
    bool keep_requirements = true;
    std::optional<duration> head_start;  ///< none: as it was
    duration claim_for{60'000};

    bool operator==(const transfer&) const = default;
};

/// By hand, past queues, presence, requirements and capacity; the event says when it went over capacity.
struct assign {
    ticket_id ticket;
    agent_id agent;
    bool operator==(const assign&) const = default;
};

/// An agent starts something itself (an outbound mail or call): a new ticket is held at once and uses capacity.
struct begin_held {
    ticket_id ticket;
    agent_id agent;
    channel_kind kind = channel_kind::api;
    std::uint32_t cost = 1;
    ticket_plan plan;
    bool operator==(const begin_held&) const = default;
};

/// The customer hung up or left. A waiting ticket ends; a held one is resolved with disposition "abandoned".
struct abandon {
    ticket_id ticket;
    bool operator==(const abandon&) const = default;
};

/// Put aside by its holder until a time; then it comes back as a claim on that agent. Frees the capacity.
struct snooze {
    ticket_id ticket;
    time_point until;
    duration claim_for{60'000};  ///< how long it is then held back for that agent

    bool operator==(const snooze&) const = default;
};
/// A snoozed ticket comes back before its time, e.g. because the customer wrote.
struct wake {
    ticket_id ticket;
    bool operator==(const wake&) const = default;
};

/// A waiting ticket's route was decided again. The same plan changes nothing; another queue or other steps revoke open
/// offers and begin at the first step; its place in time is kept.
struct replan {
    ticket_id ticket;
    ticket_plan plan;
    bool operator==(const replan&) const = default;
};
/// The agents of another queue may have a waiting ticket as well, until it is held or waits anew. It stays in its
/// queue: place, requirements, hours and offers are that queue's.
struct also_offer {
    ticket_id ticket;
    std::string queue;
    bool operator==(const also_offer&) const = default;
};
struct set_priority {
    ticket_id ticket;
    duration head_start{0};
    bool operator==(const set_priority&) const = default;
};

/// The agent answered: the first or next response target is met.
struct agent_replied {
    ticket_id ticket;
    bool operator==(const agent_replied&) const = default;
};
/// The customer wrote again: the next response target runs, if the plan has one.
struct customer_wrote {
    ticket_id ticket;
    bool operator==(const customer_wrote&) const = default;
};

/// A present agent with room is asked about a ticket that another holds, and uses its units as well.
struct consult {
    ticket_id ticket;
    agent_id agent;
    bool operator==(const consult&) const = default;
};
struct end_consult {
    ticket_id ticket;
    bool operator==(const end_consult&) const = default;
};
/// The agent who was asked becomes the holder; who asked is free.
struct take_over {
    ticket_id ticket;
    bool operator==(const take_over&) const = default;
};

/// The customer of a waiting ticket hangs up and is called when an agent accepts. It keeps its place in line.
struct call_back {
    ticket_id ticket;
    bool operator==(const call_back&) const = default;
};

/// Ends a ticket whoever has it, and without wrap-up: merged into another, settled together with its incident.
struct close_ticket {
    ticket_id ticket;
    std::string disposition;
    bool operator==(const close_ticket&) const = default;
};

/// A supervisor closes a queue whatever its calendar says, until a time or lift_closure. Another one replaces it.
struct close_until {
    std::string queue;
    time_point until;
    std::string by;  ///< who, for the record
    bool operator==(const close_until&) const = default;
};
struct lift_closure {
    std::string queue;
    bool operator==(const lift_closure&) const = default;
};
/// What customers of a queue are told until a time or lift_notice. Another one replaces it.
struct set_notice {
    std::string queue;
    std::string text;
    time_point until;
    std::string by;
    bool operator==(const set_notice&) const = default;
};
struct lift_notice {
    std::string queue;
    bool operator==(const lift_notice&) const = default;
};

/// Drops a ticket in whatever state (merged, spam, deleted); nobody wraps it up.
struct remove_ticket {
    ticket_id ticket;
    bool operator==(const remove_ticket&) const = default;
};

/// Fires every timer that is due, in order of due time.
struct tick {
    bool operator==(const tick&) const = default;
};

/// The order is part of the encoded form: append only.
using command = std::variant<configure, open_queue, close_queue, upsert_agent, remove_agent, set_presence, agent_gone,
                             enqueue, reopen, accept, decline, resolve, end_wrap_up, extend_wrap_up, transfer, assign,
                             begin_held, abandon, snooze, wake, replan, set_priority, agent_replied, customer_wrote,
                             remove_ticket, tick, also_offer, consult, end_consult, take_over, call_back, close_ticket,
                             close_until, lift_closure, set_notice, lift_notice>;

/// The command's snake_case name, as in logs and refusals.
std::string_view name_of(const command& told);

}  // namespace kindred::dispatch
