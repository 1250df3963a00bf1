#pragma once
#include "engine/base/error.hpp"
#include "engine/dispatch/core.hpp"

#include <string>
#include <string_view>

/// Refusals with a stable first word, and the look-ups that end in one. Refusals are cold: what is carried out must not
/// have to step over them in memory.
namespace kindred::dispatch {

[[gnu::cold]] error refuse(errc code, std::string_view name, std::string_view detail);
/// conflict: "<name>: ticket 7 is held".
[[gnu::cold]] error refuse_state(std::string_view name, const ticket_record& ticket);

result<slot_no> find_ticket(const core& site, ticket_id id);
result<slot_no> find_agent(const core& site, agent_id id);
result<slot_no> find_offer(const core& site, offer_id id, agent_id agent);
/// A queue that is configured or still has tickets waiting.
result<queue_no> find_queue(const core& site, std::string_view name);
/// The ticket, where it waits or is offered.
result<slot_no> find_waiting(const core& site, ticket_id id);
/// The ticket, where an agent holds it and has not ended the talk.
result<slot_no> find_held(const core& site, ticket_id id);
result<slot_no> find_in_wrap_up(const core& site, ticket_id id);

result<void> check_head_start(duration head_start);
/// Gives the number of the plan's steps where they are known; `no_number`: they are not, and may become so.
result<plan_no> check_plan(const core& site, const ticket_plan& plan);
/// Likewise.
result<plan_no> check_new_ticket(const core& site, ticket_id id, std::uint32_t cost, const ticket_plan& plan);

/// What the queue does with new tickets while it is closed, and to which queue it may send them.
struct closed_policy {
    closed_handling handling = closed_handling::hold;
    std::string_view overflow;
};
closed_policy policy_while_closed(const queue_record& queue);

/// Which queue takes a ticket that was sent to `name`: the queue itself or one it overflows to.
/// `waits_in` already counts the ticket, so it has room for it.
result<queue_no> admit(const core& site, std::string_view name, queue_no waits_in);

}  // namespace kindred::dispatch
