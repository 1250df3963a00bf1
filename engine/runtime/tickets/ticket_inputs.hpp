#pragma once
#include "engine/runtime/people/permissions.hpp"
#include "engine/runtime/tickets/ticket_actions.hpp"
#include "engine/store/store.hpp"

#include <functional>
#include <string>
#include <variant>

/// What people and programs do with tickets, as the writer is given it (engine/runtime/inputs.hpp).
namespace kindred::runtime {

/// The JSON that answers an agent's action, or why it was refused.
using action_done = std::function<void(result<std::string>)>;

/// Something that somebody does with a ticket.
struct ticket_action {
    agent_id by;          ///< 0: an API token
    permission_set may;   ///< of the token; what an agent may, the writer knows
    std::string by_name;  ///< the token's
    ticket_id ticket;
    std::string idempotency_key;  ///< with its actor: the same key has one effect; empty: none given
    std::variant<action::reply, action::note, action::resolve, action::reopen, action::end_wrap_up, action::transfer,
                 action::assign, action::snooze, action::extend_wrap_up, action::call_back, action::consult,
                 action::end_consult, action::take_over, action::merge, action::set_priority, action::set_recording,
                 action::set_hold, action::send_again>
        what;
    action_done done;
    store::prefetched known;  ///< filled by intake: the ticket as the store has it, and whether the key was used before
};

/// An agent writes to or calls somebody of its own accord. The ticket, new or resolved, is held at once.
struct outbound_contact {
    agent_id by;
    std::string channel;
    std::string to;      ///< the customer's address at the provider
    std::string from;    ///< ours there, where the provider needs to be told; may be empty
    action::reply says;  ///< nothing at all of a call
    std::string subject;
    std::string queue;   ///< whose wrap-up and targets hold; empty: the fallback's
    ticket_id ticket;    ///< a resolved one that goes on; 0: a new one
    bool test = false;   ///< to see that it arrives: the ticket is resolved at once and takes nobody's capacity
    std::string source;  ///< of a test: who asks for it, for the audit log
    std::string idempotency_key;
    action_done done;
    store::prefetched known;  ///< filled by intake: the ticket, the customer of the address, the key
};

}  // namespace kindred::runtime
