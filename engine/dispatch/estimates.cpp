#include "engine/dispatch/estimates.hpp"

#include "engine/dispatch/competition.hpp"
#include "engine/dispatch/dispatcher.hpp"
#include "engine/dispatch/queue_clock.hpp"
#include "engine/dispatch/roster.hpp"
#include "engine/dispatch/step_waits.hpp"
#include "engine/dispatch/waiting.hpp"

#include <algorithm>
#include <cmath>

namespace kindred::dispatch {

namespace {

constexpr std::uint32_t longest_memory = 128;  // tickets in the mean of handling times
constexpr std::int64_t waits_remembered = 256;
constexpr std::int64_t one_left = 1 << 20;
constexpr std::size_t most_counted = 1'000;  // tickets before one that are counted singly
constexpr int most_rounds = 30;

std::uint32_t own_slots(const core& site, queue_no number) {
    const queue_record& queue = site.queues[number];
    std::uint32_t slots = 0;
    for (std::uint32_t each = 0; each < queue.available; ++each)
        slots += slots_of(site.agents[queue.members[each]], queue.waits.usual_cost);
    return slots;
}

}  // namespace

std::uint32_t unoffered_in(const core& site, queue_no number) {
    std::size_t count = 0;
    for (const group_no group : site.queues[number].groups) count += site.groups[group].line.size();
    return static_cast<std::uint32_t>(count);
}

bool somebody_ready(const core& site, queue_no number) {
    const queue_record& queue = site.queues[number];
    // Not queue.ready, which settle() brings up to date only afterwards.
    return std::any_of(queue.members.begin(), queue.members.begin() + queue.available,
                       [&](slot_no member) { return has_any_room(site, site.agents[member]); });
}

void note_arrival(queue_record& queue, duration head_start, time_point now) {
    auto& levels = queue.inflow;
    const auto level =
        std::find_if(levels.begin(), levels.end(), [&](const auto& each) { return each.head_start == head_start; });
    if (level == levels.end()) {
        // The one that has not been seen for longest makes room.
        if (levels.size() == most_inflow_levels)
            levels.erase(std::min_element(levels.begin(), levels.end(),
                                          [](const auto& a, const auto& b) { return a.last_came < b.last_came; }));
        levels.push_back({head_start, now, 0, duration{0}});
        return;
    }
    const duration gap = now - std::exchange(level->last_came, now);
    if (level->gaps < most_gaps_remembered)
        ++level->gaps;
    else
        level->gaps_sum -= level->gaps_sum / most_gaps_remembered;
    level->gaps_sum += gap;
}

void note_handling(queue_record& queue, duration took) {
    queue.waits.handled = std::min(queue.waits.handled + 1, longest_memory);
    // The first guess weighs as much as one ticket.
    const auto weight = std::min<std::int64_t>(queue.waits.handled + 1, longest_memory);
    queue.mean_handling += (took - queue.mean_handling) / weight;
}

void note_wait(queue_record& queue, duration waited, bool left) {
    wait_statistics& waits = queue.waits;
    waits.waited += waited - waits.waited / waits_remembered;
    waits.left += (left ? one_left : 0) - waits.left / waits_remembered;
}

duration wait_behind(double before, std::uint32_t slots, const queue_record& queue) {
    const auto handling = static_cast<double>(std::max<std::int64_t>(1, queue.mean_handling.count()));
    const double at_work = std::max<std::uint32_t>(1, slots) / handling;
    double leave = 0;  // per millisecond and waiting ticket
    if (queue.waits.waited > duration{0}) {
        leave = static_cast<double>(queue.waits.left) / static_cast<double>(one_left) /
                static_cast<double>(queue.waits.waited.count());
    }
    double wait = 0;
    double ahead = 0;
    for (; ahead < before && ahead < static_cast<double>(most_counted); ahead += 1) {
        wait += std::min(1.0, before - ahead) / (at_work + leave * ahead);
    }
    // Its own turn, after everybody before it.
    wait += 1 / (at_work + leave * before);
    if (before > ahead) wait += (before - ahead) / (at_work + leave * ahead);
    constexpr auto longest = static_cast<double>(longest_span.count());
    return duration{std::llround(std::min(wait, longest))};
}

place_estimate estimate_at(const core& site, const waiting_place& place) {
    const competition found = competition_for(site, place);
    const queue_record& queue = site.queues[place.queue];
    place_estimate made;
    made.slots = found.slots;
    if (queue.open && found.somebody_ready && found.before < 1) return made;
    made.wait = wait_behind(found.before, found.slots, queue);
    made.turns = found.before + 1;
    // The longer it waits the more overtake it.
    const double departures = static_cast<double>(std::max<std::uint32_t>(1, found.slots)) /
                              static_cast<double>(std::max<std::int64_t>(1, queue.mean_handling.count()));
    for (int round = 0; round < most_rounds; ++round) {
        double overtaken = 0;
        for (const overtaking& each : found.later)
            overtaken += each.share * static_cast<double>(std::min(made.wait, each.within).count());
        const duration longer = wait_behind(found.before + overtaken * departures, found.slots, queue);
        made.turns = found.before + overtaken * departures + 1;
        if (longer - made.wait < made.wait / 100) break;
        made.wait = longer;
    }
    return made;
}

duration estimate_without_help(const core& site, queue_no number) {
    const queue_record& queue = site.queues[number];
    const std::uint32_t before = unoffered_in(site, number);
    if (before == 0 && somebody_ready(site, number)) return duration{0};
    return wait_behind(before, own_slots(site, number), queue);
}

duration estimate_for_new(const core& site, queue_no number) {
    const queue_record& queue = site.queues[number];
    if (queue.lenders.empty()) return estimate_without_help(site, number);
    std::uint32_t slots = 0;
    each_present(site, number, none,
                 [&](slot_no agent) { slots += slots_of(site.agents[agent], queue.waits.usual_cost); });
    const bool ready =
        somebody_ready(site, number) || std::any_of(queue.lenders.begin(), queue.lenders.end(),
                                                    [&](queue_no lender) { return somebody_ready(site, lender); });
    const std::uint32_t before = unoffered_in(site, number);
    if (before == 0 && ready) return duration{0};
    return wait_behind(before, slots, queue);
}

namespace {

place_estimate estimate_at_step(const core& site, const ticket_record& ticket, std::uint32_t step) {
    const signature_no demands = site.plans.steps(ticket.plan)[step].demands;
    return estimate_at(site, {ticket.queue, demands, ticket.kind, ticket.cost, ticket.lent_to, key_of(site, ticket)});
}

/// What is left of the step that the ticket is in; none: it does not end, or nobody knows when.
std::optional<duration> left_of_step(const core& site, const ticket_record& ticket) {
    const queue_record& queue = site.queues[ticket.queue];
    if (!queue.open || ticket.step_ends == never) return std::nullopt;
    return duration{std::max<queue_time>(0, ticket.step_ends - clock_of(queue, site.now))};
}

duration estimate_through_steps(const core& site, const ticket_record& ticket, const place_estimate& now) {
    const auto& steps = site.plans.steps(ticket.plan);
    auto lasts = left_of_step(site, ticket);
    if (!lasts) return now.wait;
    const auto millis = [](duration span) { return static_cast<double>(span.count()); };
    std::vector<step_wait> waits{{millis(now.wait), now.turns, millis(*lasts)}};
    for (std::uint32_t at = ticket.step + 1; at < steps.size() && lasts; ++at) {
        const bool is_last = at + 1 == steps.size();
        const auto there = estimate_at_step(site, ticket, at);
        if (!is_last && steps[at].skip_if_nobody && there.slots == 0) continue;
        lasts = is_last ? std::nullopt : steps[at].lasts;
        waits.push_back({millis(there.wait), there.turns, millis(lasts.value_or(duration{0}))});
    }
    return duration{std::llround(wait_through(waits))};
}

}  // namespace

std::optional<wait_estimate> dispatcher::estimate(ticket_id id, std::optional<std::uint32_t> step) const {
    const core& site = *core_;
    const slot_no slot = site.ticket_slots.find(id.value);
    if (slot == none) return std::nullopt;
    const ticket_record& ticket = site.tickets[slot];
    if (ticket.state != ticket_state::waiting && ticket.state != ticket_state::offered) return std::nullopt;
    const auto& steps = site.plans.steps(ticket.plan);
    const std::uint32_t at = step.value_or(ticket.step);
    if (at >= steps.size()) return std::nullopt;
    auto made = estimate_at_step(site, ticket, at);
    if (!step && made.wait > duration{0}) made.wait = estimate_through_steps(site, ticket, made);
    if (ticket.state == ticket_state::offered && at == ticket.step) made.wait = duration{0};
    return wait_estimate{position_of(id), made.slots, made.wait};
}

std::optional<wait_estimate> dispatcher::estimate(const newcomer& wanted, time_point now) const {
    const core& site = *core_;
    const auto number = site.queue_names.find(wanted.queue);
    if (!number || !site.queues[*number].configured) return std::nullopt;
    ticket_record ticket;
    ticket.id = ticket_id{std::numeric_limits<std::uint64_t>::max()};
    ticket.queue = *number;
    ticket.enqueued_at = std::max(now, site.now);
    ticket.head_start = wanted.head_start;
    const waiting_place place{
        *number, 0, wanted.kind, std::max<std::uint32_t>(1, wanted.cost), none, key_of(site, ticket)};
    const auto found = estimate_at(site, place);
    wait_estimate made{1, found.slots, found.wait};
    for (const group_no group : site.queues[*number].groups)
        made.position += static_cast<std::uint32_t>(site.groups[group].line.count_before(place.key, most_counted));
    return made;
}

}  // namespace kindred::dispatch
