#pragma once
#include "engine/dispatch/core.hpp"

/// Where tickets wait: each queue's line (who has waited longest) and its groups (who goes first, for whom).
namespace kindred::dispatch {

/// Whether more offers may be made of the ticket.
bool wants_offers(const core& site, const ticket_record& ticket);

/// Puts the ticket into the group it belongs to, when it wants offers.
void place(core& site, slot_no ticket);
/// Takes it out of its group, if it is in one.
void unplace(core& site, slot_no ticket);
/// Its key changed (head start, targets).
void reorder(core& site, slot_no ticket);
/// The queue's order changed.
void reorder_queue(core& site, queue_no queue);
/// Forgets groups that nobody waits in, so that renamed skills and costs leave nothing behind.
void drop_empty_groups(core& site);

order_key key_of(const core& site, const ticket_record& ticket);

/// The line is a heap by enqueued_at, so that the longest wait is known without looking at the others.
void join_line(core& site, slot_no ticket);
void leave_line(core& site, slot_no ticket);
/// Waiting and offered tickets.
std::uint32_t waiting_in(const queue_record& queue);

}  // namespace kindred::dispatch
