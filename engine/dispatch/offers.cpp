#include "engine/dispatch/offers.hpp"

#include "engine/dispatch/lifecycle.hpp"
#include "engine/dispatch/queue_clock.hpp"
#include "engine/dispatch/roster.hpp"
#include "engine/dispatch/waiting.hpp"

namespace kindred::dispatch {

namespace {

/// Takes an offer out of a chain of offers.
void unchain(core& site, slot_no& first, slot_no offer, slot_no offer_record::*next) {
    slot_no* link = &first;
    while (*link != offer) link = &(site.offers[*link].*next);
    *link = site.offers[offer].*next;
}

/// Puts an offer into a chain, the newest first, whatever order they are entered in.
void chain(core& site, slot_no& first, slot_no offer, slot_no offer_record::*next) {
    slot_no* link = &first;
    while (*link != none && site.offers[*link].id > site.offers[offer].id) link = &(site.offers[*link].*next);
    site.offers[offer].*next = *link;
    *link = offer;
}

void forget_offer(core& site, slot_no slot) {
    const offer_record& offer = site.offers[slot];
    ticket_record& ticket = site.tickets[offer.ticket];
    agent_record& agent = site.agents[offer.agent];
    unchain(site, ticket.first_offer, slot, &offer_record::next_of_ticket);
    unchain(site, agent.first_offer, slot, &offer_record::next_of_agent);
    --ticket.offers;
    --agent.offers;
    site.due.set(timer_owner::offer, slot, offer.id.value, std::nullopt);
    site.offer_slots.erase(offer.id.value);
    site.offers.give_back(slot);
}

}  // namespace

slot_no record_offer(core& site, offer_id id, slot_no ticket_slot, slot_no agent_slot, time_point made_at,
                     time_point expires_at) {
    const slot_no slot = site.offers.take();
    ticket_record& ticket = site.tickets[ticket_slot];
    agent_record& agent = site.agents[agent_slot];
    offer_record& offer = site.offers[slot];
    offer.id = id;
    offer.ticket = ticket_slot;
    offer.agent = agent_slot;
    offer.made_at = made_at;
    offer.expires_at = expires_at;
    site.offer_slots.insert(id.value, slot);
    chain(site, ticket.first_offer, slot, &offer_record::next_of_ticket);
    chain(site, agent.first_offer, slot, &offer_record::next_of_agent);
    ++ticket.offers;
    ++agent.offers;
    ticket.state = ticket_state::offered;
    site.due.set(timer_owner::offer, slot, id.value, expires_at);
    use_units(site, agent_slot, ticket.kind, ticket.cost);
    return slot;
}

void make_offer(turn& now, slot_no ticket_slot, slot_no agent_slot,
                const std::array<agent_id, most_passed_over>& passed_over, std::uint32_t others) {
    core& site = now.site;
    ticket_record& ticket = site.tickets[ticket_slot];
    queue_record& queue = site.queues[ticket.queue];
    const offer_id id{++site.last_offer.value};
    const time_point expires_at = site.now + queue.settings.offer.expires;
    stop_step(site, ticket);
    ticket.claim_ends = never;
    record_offer(site, id, ticket_slot, agent_slot, site.now, expires_at);
    queue.offered_last = site.agents[agent_slot].id;
    if (!wants_offers(site, ticket)) unplace(site, ticket_slot);
    rearm_clock(site, ticket_slot);
    now.say<offer_made>(id, ticket.id, site.agents[agent_slot].id, queue.settings.name, expires_at, passed_over,
                        others);
}

void close_offer(turn& now, slot_no slot, offer_outcome outcome, std::string_view reason) {
    core& site = now.site;
    const offer_record offer = site.offers[slot];
    ticket_record& ticket = site.tickets[offer.ticket];
    forget_offer(site, slot);
    // What was offered and is accepted goes on being used.
    if (outcome != offer_outcome::accepted) free_units(site, offer.agent, ticket.kind, ticket.cost);
    now.say<offer_closed>(offer.id, ticket.id, site.agents[offer.agent].id, outcome, std::string(reason));
    if (ticket.offers == 0) ticket.state = ticket_state::waiting;
    if (outcome == offer_outcome::accepted) return;
    if (ticket.claim != claim_kind::none && ticket.claimed_for == offer.agent) return end_claim(now, offer.ticket);
    resume_step(site, ticket);
    place(site, offer.ticket);
    rearm_clock(site, offer.ticket);
    mark_ticket(site, offer.ticket);
}

void revoke_offers_of_ticket(turn& now, slot_no ticket, std::string_view reason) {
    while (now.site.tickets[ticket].first_offer != none) {
        close_offer(now, now.site.tickets[ticket].first_offer, offer_outcome::revoked, reason);
    }
}

void revoke_offers_of_agent(turn& now, slot_no agent, std::string_view reason) {
    while (now.site.agents[agent].first_offer != none) {
        close_offer(now, now.site.agents[agent].first_offer, offer_outcome::revoked, reason);
    }
}

bool is_offered_to(const core& site, const ticket_record& ticket, slot_no agent) {
    for (slot_no each = ticket.first_offer; each != none; each = site.offers[each].next_of_ticket) {
        if (site.offers[each].agent == agent) return true;
    }
    return false;
}

}  // namespace kindred::dispatch
