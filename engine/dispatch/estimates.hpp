#pragma once
#include "engine/dispatch/core.hpp"

#include <optional>

/// How long a ticket will wait: docs/dispatch.md has the formula and what it leaves out.
namespace kindred::dispatch {

/// A ticket that waits or might come.
struct waiting_place {
    queue_no queue = none;
    signature_no demands = 0;
    channel_kind kind = channel_kind::api;
    std::uint32_t cost = 1;
    queue_no lent_to = none;
    order_key key;  ///< those before it go first
};

/// A ticket began to wait.
void note_arrival(queue_record& queue, duration head_start, time_point now);
/// A handled ticket took this long.
void note_handling(queue_record& queue, duration took);
/// A wait ended, because the customer left or otherwise.
void note_wait(queue_record& queue, duration waited, bool left);

/// What a ticket with this many competitors before it waits: one departure of `slots` at work for each of them and one
/// for itself, while those before it leave at the queue's rate.
duration wait_behind(double before, std::uint32_t slots, const queue_record& queue);

struct place_estimate {
    std::uint32_t slots = 0;
    duration wait{0};
    double turns = 1;  ///< departures of all those slots in that time, its own included
};

/// Of a ticket in this place, as long as its demands are what they are.
place_estimate estimate_at(const core& site, const waiting_place& place);
/// Waiting tickets that more offers may be made of: one that is on offer is about to be served.
std::uint32_t unoffered_in(const core& site, queue_no queue);
/// Whether one of the queue's own agents has room for something.
bool somebody_ready(const core& site, queue_no queue);
/// Of a ticket without demands that came now, with the queue's own agents only.
duration estimate_without_help(const core& site, queue_no queue);
/// The same with lenders' agents.
duration estimate_for_new(const core& site, queue_no queue);

}  // namespace kindred::dispatch
