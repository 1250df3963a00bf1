#include "engine/dispatch/matching.hpp"

#include "engine/dispatch/offers.hpp"
#include "engine/dispatch/roster.hpp"
#include "engine/dispatch/waiting.hpp"

#include <algorithm>
#include <tuple>

namespace kindred::dispatch {

namespace {

bool has_declined(const core& site, slot_no ticket, slot_no agent) {
    if (!site.tickets[ticket].declined) return false;
    const auto& declines = site.declines.at(ticket);
    return std::any_of(declines.begin(), declines.end(),
                       [agent](const live_decline& each) { return each.agent == agent; });
}

/// Whether the first agent goes before the second.
bool goes_before(const core& site, const ticket_record& ticket, const queue_record& queue, slot_no first,
                 slot_no second) {
    const agent_record& a = site.agents[first];
    const agent_record& b = site.agents[second];
    const auto idle_longer = [&] { return std::tie(a.idle_since, a.id) < std::tie(b.idle_since, b.id); };
    switch (queue.settings.choose) {
        case agent_choice::longest_idle: return idle_longer();
        case agent_choice::least_loaded: {
            const auto load_a = std::uint64_t{a.used} * b.capacity;
            const auto load_b = std::uint64_t{b.used} * a.capacity;
            return load_a != load_b ? load_a < load_b : idle_longer();
        }
        case agent_choice::round_robin: {
            // Numbers after the last one offered come first, then the circle begins anew.
            const bool wraps_a = a.id <= queue.offered_last;
            const bool wraps_b = b.id <= queue.offered_last;
            return std::tie(wraps_a, a.id) < std::tie(wraps_b, b.id);
        }
        case agent_choice::best_skilled: {
            const signature_no demands = site.plans.steps(ticket.plan)[ticket.step].demands;
            const std::uint32_t skill_a = skill_for(site, a, demands);
            const std::uint32_t skill_b = skill_for(site, b, demands);
            return skill_a != skill_b ? skill_a > skill_b : idle_longer();
        }
    }
    return false;
}

/// A ticket that an agent could be offered.
struct candidate {
    order_key key;
    slot_no ticket = none;
};

/// Of what different queues have; none goes before none.
bool goes_before(const order_key& a, const order_key& b) {
    return a.aged != b.aged ? a.aged < b.aged : a.ticket < b.ticket;
}

/// The first of the group that the agent has neither declined nor on offer.
candidate first_for(const core& site, slot_no slot, group_no group) {
    const group_head& head = site.heads[group];
    const auto suits = [&](slot_no ticket) {
        return !has_declined(site, ticket, slot) && !is_offered_to(site, site.tickets[ticket], slot);
    };
    if (suits(head.ticket)) return {head.key, head.ticket};
    const auto* found = site.groups[group].line.first_where(suits);
    return found == nullptr ? candidate{} : candidate{found->key, found->slot};
}

/// An agent that looks through the groups it may serve.
class search {
public:
    search(const core& site, slot_no slot)
        : site_(site), slot_(slot), agent_(site.agents[slot]), room_(room_of(site, agent_)) {
        takes_any_ = agent_.declined == 0 && agent_.offers == 0;
    }

    slot_no best() const {
        candidate best;
        std::uint32_t rank = 0;
        const group_no* from = agent_.served.groups();
        for (const served_groups::run& each : agent_.served.runs()) {
            // A lower rank goes first whatever the waits.
            if (best.ticket != none && each.rank != rank) break;
            rank = each.rank;
            const group_no* const end = agent_.served.groups() + each.end;
            look_at_ages(from, end, best);
            from = end;
        }
        return best.ticket;
    }

private:
    /// Who has neither declined nor on offer anything need not look at the tickets themselves.
    candidate first_of(const group_head& head, group_no group) const {
        return takes_any_ ? candidate{head.key, head.ticket} : first_for(site_, slot_, group);
    }

    /// The groups of one queue.
    void look_at_ages(const group_no* from, const group_no* end, candidate& best) const {
        for (const group_no* each = from; each != end; ++each) {
            const group_age age = site_.ages[*each];
            if (age == first_of_all) return look_at_queue(each, end, best);
            if (age == never || age > best.key.aged) continue;
            const group_head& head = site_.heads[*each];
            if (!goes_before(head.key, best.key) || head.cost > room_[head.kind]) continue;
            const candidate found = first_of(head, *each);
            if (goes_before(found.key, best.key)) best = found;
        }
    }

    /// The queue's own order says which of its groups has its candidate.
    void look_at_queue(const group_no* from, const group_no* end, candidate& best) const {
        candidate best_of_queue;
        for (const group_no* each = from; each != end; ++each) {
            const group_head& head = site_.heads[*each];
            if (head.ticket == none || head.barred != 0 || head.cost > room_[head.kind]) continue;
            if (best_of_queue.key < head.key) continue;
            const candidate found = first_of(head, *each);
            if (found.key < best_of_queue.key) best_of_queue = found;
        }
        if (goes_before(best_of_queue.key, best.key)) best = best_of_queue;
    }

    const core& site_;
    slot_no slot_;
    const agent_record& agent_;
    std::array<std::uint32_t, channel_kinds> room_;
    bool takes_any_ = false;
};

void make_chosen_offer(turn& now, slot_no ticket, const chosen_agent& chosen) {
    std::array<agent_id, most_passed_over> next;
    for (std::size_t i = 0; i < next.size(); ++i)
        if (chosen.next[i] != none) next[i] = now.site.agents[chosen.next[i]].id;
    make_offer(now, ticket, chosen.agent, next, chosen.others);
}

/// Makes one offer to this agent or to one that its best ticket's queue would rather choose: with several agents and
/// tickets come free at once, neither side may get less than its best because of who was looked at first.
void make_best_offer(turn& now, slot_no agent, slot_no ticket) {
    core& site = now.site;
    // Waits alone cannot lead in a circle; ranks and mixed orders could, and then any of the circle will do.
    constexpr int most_turns = 8;
    for (int turns = 0; turns < most_turns; ++turns) {
        const auto chosen = choose_agent(site, ticket);
        if (chosen.agent == agent) return make_chosen_offer(now, ticket, chosen);
        agent = chosen.agent;
        const slot_no better = best_ticket(site, agent);
        if (better == ticket) return make_chosen_offer(now, ticket, chosen);
        ticket = better;
    }
    make_offer(now, ticket, agent);
}

void offer_to_agents(turn& now, slot_no ticket, bool alone) {
    core& site = now.site;
    while (wants_offers(site, site.tickets[ticket])) {
        const auto chosen = choose_agent(site, ticket);
        if (chosen.agent == none) return;
        // Where nothing else changed, whoever is ready has found nothing else to do.
        if (alone) {
            make_chosen_offer(now, ticket, chosen);
        } else {
            make_best_offer(now, chosen.agent, best_ticket(site, chosen.agent));
        }
    }
}

void give_work(turn& now, slot_no agent, bool alone) {
    core& site = now.site;
    while (site.agents[agent].state == presence::available && has_any_room(site, site.agents[agent])) {
        const slot_no ticket = best_ticket(site, agent);
        if (ticket == none) return;
        // What has waited until now nobody else could have been offered.
        if (alone && !site.tickets[ticket].dirty) {
            make_offer(now, ticket, agent);
        } else {
            make_best_offer(now, agent, ticket);
        }
    }
}

void refresh_zones(core& site) {
    for (const slot_no each : site.dirty_agents) {
        if (site.agents[each].dirty) refresh_zone(site, each);
    }
}

template <class Less>
void in_order(std::vector<slot_no>& slots, Less less) {
    if (slots.size() > 1) std::sort(slots.begin(), slots.end(), less);
}

}  // namespace

std::optional<funnel_stage> ruled_out(const core& site, slot_no ticket_slot, slot_no agent_slot) {
    const ticket_record& ticket = site.tickets[ticket_slot];
    const agent_record& agent = site.agents[agent_slot];
    const bool direct = ticket.claim == claim_kind::direct && ticket.claimed_for == agent_slot;
    const queue_no lent_to = ticket.claim == claim_kind::none ? ticket.lent_to : none;
    if (!direct && !is_reached(site, agent, ticket.queue, lent_to)) return funnel_stage::in_queue;
    if (!direct && !works_on(agent, ticket.kind)) return funnel_stage::channel;
    if (agent.state != presence::available) return funnel_stage::present;
    if (!has_room(site, agent, ticket.kind, ticket.cost) || paused_by(site, agent, ticket.kind))
        return funnel_stage::room;
    if (!direct && !meets(site, agent, site.plans.steps(ticket.plan)[ticket.step].demands)) {
        return funnel_stage::requirement;
    }
    if (has_declined(site, ticket_slot, agent_slot)) return funnel_stage::not_declined;
    const bool someone_elses = ticket.claim != claim_kind::none && ticket.claimed_for != agent_slot;
    const bool closed = !direct && !site.queues[ticket.queue].open;
    if (someone_elses || closed || is_offered_to(site, ticket, agent_slot)) return funnel_stage::offerable;
    return std::nullopt;
}

namespace {

/// Takes another agent who could be offered the ticket into the choice.
void consider(const core& site, const ticket_record& ticket, const queue_record& queue, slot_no agent,
              chosen_agent& made) {
    if (made.agent == none) {
        made.agent = agent;
        return;
    }
    ++made.others;
    // Most go behind the last that is named: one look at that is enough for them.
    if (made.next.back() != none && !goes_before(site, ticket, queue, agent, made.next.back())) return;
    if (goes_before(site, ticket, queue, agent, made.agent)) std::swap(agent, made.agent);
    for (slot_no& each : made.next) {
        if (each == none || goes_before(site, ticket, queue, agent, each)) std::swap(agent, each);
        if (agent == none) return;
    }
}

}  // namespace

chosen_agent choose_agent(const core& site, slot_no slot) {
    const ticket_record& ticket = site.tickets[slot];
    chosen_agent made;
    if (ticket.claim != claim_kind::none) {
        if (!ruled_out(site, slot, ticket.claimed_for)) made.agent = ticket.claimed_for;
        return made;
    }
    const queue_record& queue = site.queues[ticket.queue];
    if (!queue.open) return made;
    const auto look_at_ready = [&](const queue_record& members_of, auto&& was_seen) {
        for (std::uint32_t each = 0; each < members_of.ready; ++each) {
            const slot_no agent = members_of.members[each];
            if (!was_seen(agent) && !ruled_out(site, slot, agent)) consider(site, ticket, queue, agent, made);
        }
    };
    look_at_ready(queue, [](slot_no) { return false; });
    const auto is_in = [&](slot_no agent, queue_no number) {
        return membership_in(site.agents[agent], number) != nullptr;
    };
    const auto of_queue = [&](slot_no agent) { return is_in(agent, ticket.queue); };
    if (ticket.lent_to != none) look_at_ready(site.queues[ticket.lent_to], of_queue);
    for (std::size_t i = 0; i < queue.lenders.size(); ++i)
        look_at_ready(site.queues[queue.lenders[i]], [&](slot_no agent) {
            return of_queue(agent) || (ticket.lent_to != none && is_in(agent, ticket.lent_to)) ||
                   std::any_of(queue.lenders.begin(), queue.lenders.begin() + static_cast<std::ptrdiff_t>(i),
                               [&](queue_no before) { return is_in(agent, before); });
        });
    return made;
}

slot_no best_ticket(const core& site, slot_no slot) {
    const slot_no best = search(site, slot).best();
    if (best != none) site.tickets.prefetch(best);
    return best;
}

void settle_marked(turn& now) {
    core& site = now.site;
    auto& agents = site.dirty_agents;
    auto& tickets = site.dirty_tickets;
    if (agents.empty() && tickets.empty()) return;
    // A lone agent that takes its next ticket need not move between its queues' lists and back.
    const bool alone = agents.size() == 1 && tickets.empty();
    if (!alone) refresh_zones(site);
    // Agents first: one that comes free must look at everybody who waited, not only at who came this moment.
    in_order(agents, [&](slot_no a, slot_no b) {
        return std::tie(site.agents[a].idle_since, site.agents[a].id) <
               std::tie(site.agents[b].idle_since, site.agents[b].id);
    });
    for (std::size_t each = 0; each < agents.size(); ++each) {
        if (site.agents[agents[each]].dirty) give_work(now, agents[each], agents.size() == 1);
    }
    if (alone) refresh_zones(site);
    std::erase_if(tickets, [&](slot_no each) { return !site.tickets[each].dirty; });
    in_order(tickets, [&](slot_no a, slot_no b) {
        const order_key left = key_of(site, site.tickets[a]);
        const order_key right = key_of(site, site.tickets[b]);
        return std::tie(left.aged, left.ticket) < std::tie(right.aged, right.ticket);
    });
    for (const slot_no each : tickets) offer_to_agents(now, each, agents.empty() && tickets.size() == 1);
    for (const slot_no each : agents) site.agents[each].dirty = false;
    for (const slot_no each : tickets) site.tickets[each].dirty = false;
    agents.clear();
    tickets.clear();
}

}  // namespace kindred::dispatch
