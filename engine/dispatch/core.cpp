#include "engine/dispatch/core.hpp"

namespace kindred::dispatch {

queue_no queue_number(core& site, std::string_view name) {
    const queue_no number = site.queue_names.intern(name);
    if (number == site.queues.size()) site.queues.emplace_back().settings.name = name;
    return number;
}

slot_no add_ticket(core& site, ticket_id id) {
    const slot_no slot = site.tickets.take();
    site.tickets[slot].id = id;
    site.ticket_slots.insert(id.value, slot);
    return slot;
}

slot_no add_agent(core& site, agent_id id) {
    const slot_no slot = site.agents.take();
    site.agents[slot].id = id;
    site.agents[slot].since = site.now;
    site.agents[slot].idle_since = site.now;
    site.agent_slots.insert(id.value, slot);
    return slot;
}

}  // namespace kindred::dispatch
