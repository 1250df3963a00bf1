#include "engine/dispatch/queue_clock.hpp"

#include "engine/dispatch/waiting.hpp"

#include <algorithm>

namespace kindred::dispatch {

namespace {

constexpr std::array all_targets{target::first_response, target::next_response, target::resolution};

std::size_t index_of(target which) { return static_cast<std::size_t>(which) - 1; }

queue_time next_moment(const ticket_record& ticket) {
    queue_time next = std::min(ticket.step_ends, ticket.claim_ends);
    if (!ticket.promised) return next;
    for (const target which : all_targets) {
        if ((ticket.targets.missed >> index_of(which) & 1U) == 0)
            next = std::min(next, target_due(ticket.targets, which));
    }
    return next;
}

/// Queues due at the same moment fire in an order that does not depend on when their names were first heard.
std::uint64_t rank_of(std::string_view name) {
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325ULL;
    for (const char each : name) hash = (hash ^ static_cast<unsigned char>(each)) * 0x100'0000'01B3ULL;
    return hash;
}

}  // namespace

queue_time target_due(const target_clocks& targets, target which) {
    const std::int64_t allowed = targets.allowed[index_of(which)];
    if (targets.paused || allowed < 0) return never;
    switch (which) {
        case target::first_response: return targets.replied ? never : targets.counted_from + allowed;
        case target::next_response: return targets.next_runs ? targets.next_from + allowed : never;
        case target::resolution: return targets.counted_from + allowed;
    }
    return never;
}

queue_time nearest_target(const target_clocks& targets) {
    queue_time nearest = never;
    for (const target which : all_targets) nearest = std::min(nearest, target_due(targets, which));
    return nearest;
}

void move_on_clock(core& site, slot_no slot) {
    ticket_record& ticket = site.tickets[slot];
    auto& clock = site.queues[ticket.queue].clock;
    const queue_time next = next_moment(ticket);
    if (next == never) {
        if (!ticket.on_clock) return;
        clock.erase(slot, site.clock_places);
    } else if (!ticket.on_clock) {
        clock.push({next, ticket.id.value}, slot, site.clock_places);
    } else {
        if (clock.at(site.clock_places.of(slot)).key.first == next) return;
        clock.change(slot, {next, ticket.id.value}, site.clock_places);
    }
    ticket.on_clock = next != never;
    rearm_queue(site, ticket.queue);
}

void take_off_clock(core& site, slot_no slot) {
    site.tickets[slot].on_clock = false;
    const queue_no queue = site.tickets[slot].queue;
    site.queues[queue].clock.erase(slot, site.clock_places);
    rearm_queue(site, queue);
}

void rearm_queue(core& site, queue_no number) {
    const queue_record& queue = site.queues[number];
    std::optional<time_point> at;
    if (queue.open && !queue.clock.empty()) at = from_millis(queue.clock.top().key.first + queue.closed_for);
    if (queue.closed_until) at = std::min(at.value_or(*queue.closed_until), *queue.closed_until);
    if (!queue.notice.empty()) at = std::min(at.value_or(queue.notice_until), queue.notice_until);
    site.due.set(timer_owner::queue, number, rank_of(queue.settings.name), at);
}

namespace {

/// Everybody who could perhaps take what waited for the opening.
void mark_ready_agents(core& site, const queue_record& queue) {
    const auto mark_ready_of = [&](const queue_record& of) {
        for (std::uint32_t each = 0; each < of.ready; ++each) mark_agent(site, of.members[each]);
    };
    mark_ready_of(queue);
    for (const queue_no lender : queue.lenders) mark_ready_of(site.queues[lender]);
    for (const group_no group : queue.groups) {
        const group_key& key = site.groups[group].key;
        if (key.claim != claim_kind::none) mark_agent(site, key.claimed_for);
        if (key.lent_to != none) mark_ready_of(site.queues[key.lent_to]);
    }
}

}  // namespace

void follow_hours(turn& now, queue_no number) {
    core& site = now.site;
    queue_record& queue = site.queues[number];
    const bool open = queue.calendar_open && !queue.closed_until;
    if (open == queue.open) return;
    queue.open = open;
    if (open) {
        queue.closed_for += (site.now - queue.closed_at).count();
        queue.closed_at = {};
    } else {
        queue.closed_at = site.now;
    }
    rearm_queue(site, number);
    refresh_heads(site, number);
    if (!open) return now.say<queue_closed>(queue.settings.name, queue.holiday);
    mark_ready_agents(site, queue);
    now.say<queue_opened>(queue.settings.name);
}

void stop_step(core& site, ticket_record& ticket) {
    if (ticket.step_ends == never) return;
    const queue_time now = clock_of(site.queues[ticket.queue], site.now);
    ticket.step_left = duration{std::max<queue_time>(0, ticket.step_ends - now)};
    ticket.step_ends = never;
}

void resume_step(core& site, ticket_record& ticket) {
    if (ticket.step_left < duration{0} || ticket.offers > 0 || ticket.claim != claim_kind::none) return;
    ticket.step_ends = clock_of(site.queues[ticket.queue], site.now) + ticket.step_left.count();
    ticket.step_left = duration{-1};
}

void pause_targets(core& site, ticket_record& ticket) {
    target_clocks& targets = ticket.targets;
    if (targets.paused) return;
    const queue_time now = clock_of(site.queues[ticket.queue], site.now);
    targets.counted_from = now - targets.counted_from;
    targets.next_from = targets.next_runs ? now - targets.next_from : 0;
    targets.paused = true;
}

void resume_targets(core& site, ticket_record& ticket) {
    target_clocks& targets = ticket.targets;
    if (!targets.paused) return;
    const queue_time now = clock_of(site.queues[ticket.queue], site.now);
    targets.counted_from = now - targets.counted_from;
    targets.next_from = targets.next_runs ? now - targets.next_from : 0;
    targets.paused = false;
}

void start_targets(core& site, ticket_record& ticket, const ticket_plan& plan) {
    ticket.targets = {};
    ticket.targets.counted_from = clock_of(site.queues[ticket.queue], site.now);
    change_targets(ticket, plan);
}

void change_targets(ticket_record& ticket, const ticket_plan& plan) {
    const auto millis = [](const std::optional<duration>& span) { return span ? span->count() : std::int64_t{-1}; };
    const std::array wanted{millis(plan.first_response), millis(plan.next_response), millis(plan.resolution)};
    for (std::size_t each = 0; each < wanted.size(); ++each) {
        // A promise with another length can be missed anew.
        if (wanted[each] != ticket.targets.allowed[each])
            ticket.targets.missed &= static_cast<std::uint8_t>(~(1U << each));
    }
    ticket.targets.allowed = wanted;
    ticket.promised = plan.first_response || plan.next_response || plan.resolution;
}

}  // namespace kindred::dispatch
