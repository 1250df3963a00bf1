#pragma once
#include "engine/dispatch/core.hpp"

/// Clocks that stand still while a queue is closed: steps, claims and targets of its tickets.
namespace kindred::dispatch {

inline queue_time clock_of(const queue_record& queue, time_point now) {
    return to_millis(queue.open ? now : queue.closed_at) - queue.closed_for;
}

/// The moment at which a running target is missed; `never` while it does not run. Missed ones included.
queue_time target_due(const target_clocks& targets, target which);
/// The nearest of the running targets, missed ones included.
queue_time nearest_target(const target_clocks& targets);

void move_on_clock(core& site, slot_no ticket);
void take_off_clock(core& site, slot_no ticket);
/// Puts the ticket where its next moment belongs on its queue's clock, and the queue's next moment among the timers.
inline void rearm_clock(core& site, slot_no slot) {
    const ticket_record& ticket = site.tickets[slot];
    // Most tickets never have a moment to wait for.
    if (ticket.on_clock || ticket.promised || ticket.step_ends != never || ticket.claim_ends != never)
        move_on_clock(site, slot);
}
/// Takes the ticket off its queue's clock.
inline void leave_clock(core& site, slot_no slot) {
    if (site.tickets[slot].on_clock) take_off_clock(site, slot);
}
/// Tells the timers when the queue's clock has something next. After opening and closing, too.
void rearm_queue(core& site, queue_no queue);

/// The calendar and supervisors together say whether the queue is open: starts or stops its clock where that changed.
void follow_hours(turn& now, queue_no queue);

void stop_step(core& site, ticket_record& ticket);
/// Runs the step's clock, unless an offer is open or the ticket is held back for one agent.
void resume_step(core& site, ticket_record& ticket);

void pause_targets(core& site, ticket_record& ticket);
void resume_targets(core& site, ticket_record& ticket);
/// Promises counted from now.
void start_targets(core& site, ticket_record& ticket, const ticket_plan& plan);
/// The same promises, with other lengths.
void change_targets(ticket_record& ticket, const ticket_plan& plan);

}  // namespace kindred::dispatch
