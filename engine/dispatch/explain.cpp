#include "engine/dispatch/dispatcher.hpp"
#include "engine/dispatch/matching.hpp"
#include "engine/dispatch/offers.hpp"
#include "engine/dispatch/refusal.hpp"
#include "engine/dispatch/roster.hpp"
#include "engine/dispatch/waiting.hpp"

namespace kindred::dispatch {

namespace {

std::string held_back(const core& site, const ticket_record& ticket) {
    if (!waits(ticket)) return "not_waiting";
    if (!wants_offers(site, ticket)) return "offers_used_up";
    if (ticket.claim != claim_kind::none) return "claimed";
    if (!site.queues[ticket.queue].open) return "queue_closed";
    return {};
}

std::string missing_abilities(const core& site, const ticket_record& ticket, const agent_record& agent) {
    std::string text;
    for (const auto& [ability, level] : site.plans.demands(site.plans.steps(ticket.plan)[ticket.step].demands)) {
        const int has = ability < agent.levels.size() ? agent.levels[ability] : 0;
        if (has >= level) continue;
        text += text.empty() ? "" : ", ";
        text += std::string(site.plans.ability_name(ability).second) + " " + std::to_string(level) +
                " is needed, has " + (has == 0 ? "none" : std::to_string(has));
    }
    return text;
}

std::string why_not_now(const core& site, const ticket_record& ticket, slot_no agent) {
    if (is_offered_to(site, ticket, agent)) return "it is on offer to this agent";
    if (ticket.claim != claim_kind::none && ticket.claimed_for != agent) {
        return "it is held back for agent " + to_string(site.agents[ticket.claimed_for].id);
    }
    return "queue \"" + site.queues[ticket.queue].settings.name + "\" is closed";
}

std::string detail_of(const core& site, const ticket_record& ticket, slot_no slot, funnel_stage stage) {
    const agent_record& agent = site.agents[slot];
    switch (stage) {
        case funnel_stage::in_queue: return "not in queue \"" + site.queues[ticket.queue].settings.name + "\"";
        case funnel_stage::channel: return "does not work on this kind of channel";
        case funnel_stage::present:
            return std::string(name_of(agent.state)) + (agent.reason.empty() ? "" : ": " + agent.reason);
        case funnel_stage::room:
            if (const auto pause = paused_by(site, agent, ticket.kind))
                return "takes no " + std::string(kindred::name_of(ticket.kind)) + " while at a " +
                       std::string(kindred::name_of(*pause)) + " ticket";
            return "it costs " + std::to_string(ticket.cost) + ", " + std::to_string(agent.used) + " of " +
                   std::to_string(agent.capacity) + " units are used";
        case funnel_stage::requirement: return missing_abilities(site, ticket, agent);
        case funnel_stage::not_declined: return "declined it a moment ago";
        case funnel_stage::offerable: return why_not_now(site, ticket, slot);
    }
    return {};
}

}  // namespace

std::string_view name_of(funnel_stage stage) {
    switch (stage) {
        case funnel_stage::in_queue: return "in_queue";
        case funnel_stage::channel: return "channel";
        case funnel_stage::present: return "present";
        case funnel_stage::room: return "room";
        case funnel_stage::requirement: return "requirement";
        case funnel_stage::not_declined: return "not_declined";
        case funnel_stage::offerable: return "offerable";
    }
    return {};
}

result<explanation> dispatcher::explain(ticket_id id, agent_id asked) const {
    const core& site = *core_;
    const auto slot = find_ticket(site, id);
    if (!slot) return slot.error();
    const ticket_record& ticket = site.tickets[*slot];
    explanation told;
    told.held_back = held_back(site, ticket);
    if (asked) {
        const auto agent = find_agent(site, asked);
        if (!agent) return agent.error();
        told.failed = ruled_out(site, *slot, *agent);
        if (told.failed) told.detail = detail_of(site, ticket, *agent, *told.failed);
    }
    site.agent_slots.for_each([&](std::uint64_t, slot_no agent) {
        const auto failed = ruled_out(site, *slot, agent);
        const std::size_t stages = failed ? static_cast<std::size_t>(*failed) : funnel_stages;
        for (std::size_t stage = 0; stage < stages; ++stage) ++told.passed[stage];
    });
    return told;
}

}  // namespace kindred::dispatch
