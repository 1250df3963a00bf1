#include "engine/dispatch/estimates.hpp"

#include "engine/dispatch/dispatcher.hpp"
#include "engine/dispatch/roster.hpp"
#include "engine/dispatch/waiting.hpp"

#include <algorithm>
#include <cmath>

namespace kindred::dispatch {

namespace {

constexpr std::uint32_t longest_memory = 32;  // tickets in the mean of handling times
constexpr std::int64_t waits_remembered = 256;
constexpr std::int64_t one_left = 1 << 20;
constexpr std::size_t most_counted = 1'000;  // tickets before one that are counted singly

/// How many tickets of this cost the agent works on at once.
std::uint32_t slots_of(const agent_record& agent, std::uint32_t cost) {
    return std::max<std::uint32_t>(1, agent.capacity / cost);
}

/// Visits everybody present whom a ticket of the queue reaches, each once.
template <class Visit>
void each_present(const core& site, queue_no number, queue_no lent_to, Visit visit) {
    const queue_record& queue = site.queues[number];
    const auto visit_members_of = [&](queue_no of, auto is_new) {
        const auto& members = site.queues[of].members;
        for (std::uint32_t each = 0; each < site.queues[of].available; ++each) {
            if (is_new(site.agents[members[each]])) visit(site.agents[members[each]]);
        }
    };
    visit_members_of(number, [](const agent_record&) { return true; });
    const auto not_in_queue = [&](const agent_record& agent) { return membership_in(agent, number) == nullptr; };
    if (lent_to != none) visit_members_of(lent_to, not_in_queue);
    for (std::size_t lender = 0; lender < queue.lenders.size(); ++lender) {
        visit_members_of(queue.lenders[lender], [&](const agent_record& agent) {
            const auto in = [&](queue_no other) { return other != none && membership_in(agent, other) != nullptr; };
            return not_in_queue(agent) && !in(lent_to) &&
                   std::none_of(queue.lenders.begin(), queue.lenders.begin() + static_cast<std::ptrdiff_t>(lender), in);
        });
    }
}

/// Of the agents that a group waits for, the part that could also take the ticket, in slots.
double share_of(const core& site, const waiting_place& place, const group_key& group) {
    if (group.claim != claim_kind::none) {
        const agent_record& claimed = site.agents[group.claimed_for];
        const bool competes = claimed.state == presence::available && works_on(claimed, place.kind) &&
                              meets(site, claimed, place.demands) &&
                              is_reached(site, claimed, place.queue, place.lent_to);
        return competes ? 1 : 0;
    }
    std::uint32_t all = 0;
    std::uint32_t common = 0;
    each_present(site, group.queue, group.lent_to, [&](const agent_record& agent) {
        if (!works_on(agent, group.kind) || !meets(site, agent, group.demands)) return;
        const std::uint32_t slots = slots_of(agent, group.cost);
        all += slots;
        if (works_on(agent, place.kind) && meets(site, agent, place.demands)) common += slots;
    });
    return all == 0 ? 0 : static_cast<double>(common) / all;
}

double competitors_before(const core& site, const waiting_place& place) {
    double before = 0;
    std::size_t left = most_counted;
    for (const group_no group : site.queues[place.queue].groups) {
        const auto& heap = site.groups[group].heap;
        if (heap.empty() || left == 0) continue;
        const std::size_t count = heap.count_before(place.key, left, site.scratch);
        if (count == 0) continue;
        left -= std::min(left, count);
        before += static_cast<double>(count) * share_of(site, place, site.groups[group].key);
    }
    return before;
}

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
    for (const group_no group : site.queues[number].groups) count += site.groups[group].heap.size();
    return static_cast<std::uint32_t>(count);
}

bool somebody_ready(const core& site, queue_no number) {
    const queue_record& queue = site.queues[number];
    // Not queue.ready, which settle() brings up to date only afterwards.
    return std::any_of(queue.members.begin(), queue.members.begin() + queue.available,
                       [&](slot_no member) { return has_any_room(site, site.agents[member]); });
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

wait_estimate estimate_at(const core& site, const waiting_place& place) {
    wait_estimate made;
    bool at_once = site.queues[place.queue].open;
    bool somebody = false;
    each_present(site, place.queue, place.lent_to, [&](const agent_record& agent) {
        if (!works_on(agent, place.kind) || !meets(site, agent, place.demands)) return;
        made.slots += slots_of(agent, place.cost);
        somebody = somebody || (has_room(site, agent, place.kind, place.cost) && !paused_by(site, agent, place.kind));
    });
    const double before = competitors_before(site, place);
    at_once = at_once && somebody && before < 1;
    if (!at_once) made.wait = wait_behind(before, made.slots, site.queues[place.queue]);
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
                 [&](const agent_record& agent) { slots += slots_of(agent, queue.waits.usual_cost); });
    const bool ready =
        somebody_ready(site, number) || std::any_of(queue.lenders.begin(), queue.lenders.end(),
                                                    [&](queue_no lender) { return somebody_ready(site, lender); });
    const std::uint32_t before = unoffered_in(site, number);
    if (before == 0 && ready) return duration{0};
    return wait_behind(before, slots, queue);
}

std::optional<wait_estimate> dispatcher::estimate(ticket_id id, std::optional<std::uint32_t> step) const {
    const core& site = *core_;
    const slot_no slot = site.ticket_slots.find(id.value);
    if (slot == none) return std::nullopt;
    const ticket_record& ticket = site.tickets[slot];
    if (ticket.state != ticket_state::waiting && ticket.state != ticket_state::offered) return std::nullopt;
    const auto& steps = site.plans.steps(ticket.plan);
    const std::uint32_t at = step.value_or(ticket.step);
    if (at >= steps.size()) return std::nullopt;
    const signature_no demands = steps[at].demands;
    auto made =
        estimate_at(site, {ticket.queue, demands, ticket.kind, ticket.cost, ticket.lent_to, key_of(site, ticket)});
    if (ticket.state == ticket_state::offered && at == ticket.step) made.wait = duration{0};
    made.position = position_of(id);
    return made;
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
    auto made = estimate_at(site, place);
    made.position = 1;
    for (const group_no group : site.queues[*number].groups)
        made.position +=
            static_cast<std::uint32_t>(site.groups[group].heap.count_before(place.key, most_counted, site.scratch));
    return made;
}

}  // namespace kindred::dispatch
