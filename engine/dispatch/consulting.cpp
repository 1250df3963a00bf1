#include "engine/dispatch/consulting.hpp"

#include "engine/dispatch/carry_out.hpp"
#include "engine/dispatch/lifecycle.hpp"
#include "engine/dispatch/refusal.hpp"
#include "engine/dispatch/roster.hpp"

#include <algorithm>

namespace kindred::dispatch {

void record_consultation(core& site, slot_no slot, slot_no agent) {
    ticket_record& ticket = site.tickets[slot];
    ticket.consulted = agent;
    site.agents[agent].consults.push_back(slot);
    use_units(site, agent, ticket.kind, ticket.cost);
}

void end_consultation(turn& now, slot_no slot, std::string_view reason) {
    core& site = now.site;
    ticket_record& ticket = site.tickets[slot];
    const slot_no asked = std::exchange(ticket.consulted, none);
    std::erase(site.agents[asked].consults, slot);
    site.agents[asked].idle_since = site.now;
    free_units(site, asked, ticket.kind, ticket.cost);
    now.say<consult_ended>(ticket.id, site.agents[asked].id, std::string(reason));
}

void end_consultations_of_agent(turn& now, slot_no agent, std::string_view reason) {
    const core& site = now.site;
    std::vector<slot_no> tickets = site.agents[agent].consults;
    std::sort(tickets.begin(), tickets.end(),
              [&](slot_no a, slot_no b) { return site.tickets[a].id < site.tickets[b].id; });
    for (const slot_no each : tickets) end_consultation(now, each, reason);
}

result<void> carry_out(turn& now, const consult& told) {
    core& site = now.site;
    const auto slot = find_held(site, told.ticket);
    if (!slot) return slot.error();
    const auto agent = find_agent(site, told.agent);
    if (!agent) return agent.error();
    const ticket_record& ticket = site.tickets[*slot];
    const agent_record& asked = site.agents[*agent];
    if (ticket.holder == *agent) return refuse_state("already_held", ticket);
    if (ticket.consulted != none) {
        return refuse(errc::conflict, "already_consulting",
                      "ticket " + to_string(ticket.id) + " has agent " + to_string(site.agents[ticket.consulted].id) +
                          " asked already");
    }
    if (asked.state != presence::available) {
        return refuse(errc::conflict, "agent_not_present", "agent " + to_string(told.agent) + " is not available");
    }
    if (!has_room(site, asked, ticket.kind, ticket.cost) || paused_by(site, asked, ticket.kind)) {
        return refuse(errc::conflict, "agent_has_no_room", "agent " + to_string(told.agent) + " has no room for it");
    }
    const agent_id by = site.agents[ticket.holder].id;
    record_consultation(site, *slot, *agent);
    site.agents[*agent].idle_since = site.now;
    now.say<consult_started>(told.ticket, told.agent, by);
    return {};
}

result<void> carry_out(turn& now, const end_consult& told) {
    const auto slot = find_held(now.site, told.ticket);
    if (!slot) return slot.error();
    if (now.site.tickets[*slot].consulted == none) return refuse_state("not_consulting", now.site.tickets[*slot]);
    end_consultation(now, *slot, "ended");
    return {};
}

result<void> carry_out(turn& now, const take_over& told) {
    core& site = now.site;
    const auto slot = find_held(site, told.ticket);
    if (!slot) return slot.error();
    ticket_record& ticket = site.tickets[*slot];
    if (ticket.consulted == none) return refuse_state("not_consulting", ticket);
    const slot_no taker = ticket.consulted;
    const agent_id before = site.agents[ticket.holder].id;
    end_consultation(now, *slot, "taken_over");
    release_holder(now, *slot);
    use_units(site, taker, ticket.kind, ticket.cost);
    hold(now, *slot, taker, held_because::consulted, before);
    return {};
}

}  // namespace kindred::dispatch
