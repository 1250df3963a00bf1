#pragma once
#include "engine/dispatch/estimates.hpp"
#include "engine/dispatch/roster.hpp"

#include <algorithm>
#include <vector>

/// Who stands in a ticket's way: what waits before it wherever the agents who could have it work.
namespace kindred::dispatch {

/// Who may come later and still go first.
struct overtaking {
    double share = 0;    ///< of the slots' work
    duration within{0};  ///< from now; who comes later than that goes behind
};

struct competition {
    std::uint32_t slots = 0;  ///< tickets like it that those present who could have it can have at once
    bool somebody_ready = false;
    double before = 0;  ///< as many departures of all these slots come before its own
    std::vector<overtaking> later;
};

/// How many tickets of this cost the agent works on at once.
std::uint32_t slots_of(const agent_record& agent, std::uint32_t cost);

/// Visits everybody present whom a ticket of the queue, lent to that one, reaches, each once.
template <class Visit>
void each_present(const core& site, queue_no number, queue_no lent_to, Visit visit) {
    const queue_record& queue = site.queues[number];
    const auto visit_members_of = [&](queue_no of, auto is_new) {
        const auto& members = site.queues[of].members;
        for (std::uint32_t each = 0; each < site.queues[of].available; ++each)
            if (is_new(site.agents[members[each]])) visit(members[each]);
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

/// Looks at who is present in the queues of what waits before it. Counts at most 1000 tickets singly.
competition competition_for(const core& site, const waiting_place& place);

}  // namespace kindred::dispatch
