#pragma once
#include "engine/dispatch/core.hpp"

/// Where tickets wait: each queue's line (who has waited longest) and its groups (who goes first, for whom).
namespace kindred::dispatch {

/// Whether it is in a line, on offer or not.
inline bool waits(const ticket_record& ticket) {
    return ticket.state == ticket_state::waiting || ticket.state == ticket_state::offered;
}
/// Whether more offers may be made of the ticket.
bool wants_offers(const core& site, const ticket_record& ticket);

/// Puts the ticket into the group it belongs to, when it wants offers.
void place(core& site, slot_no ticket);
/// Takes it out of its group, if it is in one.
void unplace(core& site, slot_no ticket);
/// Changes what the ticket's key is made of (head start, targets), and its place with it.
template <class Change>
void reorder(core& site, slot_no ticket, Change change) {
    unplace(site, ticket);
    change(site.tickets[ticket]);
    place(site, ticket);
}
/// The queue's order changed.
void reorder_queue(core& site, queue_no queue);
/// The queue was opened or closed: an agent that comes free reads it off the groups.
void refresh_heads(core& site, queue_no queue);
/// Forgets groups that nobody waits in, so that renamed skills and costs leave nothing behind.
void drop_empty_groups(core& site);

order_key key_of(const core& site, const ticket_record& ticket);

void join_line(core& site, slot_no ticket);
void leave_line(core& site, slot_no ticket);
/// Waiting and offered tickets.
std::uint32_t waiting_in(const queue_record& queue);
/// When the first of them came; nothing: nobody waits.
std::optional<time_point> longest_waiting_since(const core& site, queue_no queue);
template <class Visit>
void each_waiting(const core& site, queue_no queue, Visit visit) {
    site.queues[queue].line.for_each(site.stays, visit);
}

}  // namespace kindred::dispatch
