#pragma once
#include "engine/dispatch/events.hpp"
#include "engine/dispatch/names.hpp"
#include "engine/dispatch/records.hpp"
#include "engine/dispatch/slab.hpp"
#include "engine/dispatch/timers.hpp"

#include <unordered_map>
#include <utility>
#include <vector>

namespace kindred::dispatch {

using kind_bits = std::array<std::uint8_t, channel_kinds>;

/// All that a dispatcher remembers. Plain tables: each file of this folder keeps the laws of its part.
struct core {
    time_point now;
    offer_id last_offer;
    duration not_responding_for{0};
    kind_bits pauses{};      ///< by kind_index(): bits of the kinds that are not offered meanwhile
    kind_bits interrupts{};  ///< by kind_index(): bits of the kinds whose units do not count for it

    name_table queue_names;
    std::vector<queue_record> queues;  ///< by queue_no
    std::vector<queue_no> may_borrow;  ///< queues with a `borrow` setting or a lender, by name
    plan_book plans;

    slab<ticket_record> tickets;
    id_table ticket_slots;
    slab<agent_record> agents;
    id_table agent_slots;
    slab<offer_record> offers;
    id_table offer_slots;

    std::vector<group_record> groups;
    std::vector<group_head> heads;  ///< by group_no
    std::vector<group_age> ages;    ///< of these heads
    std::vector<group_no> free_groups;
    number_table group_numbers;
    line_stays stays;                                                 ///< of tickets, in their queues' lines
    heap_places clock_places;                                         ///< of tickets, on their queues' clocks
    std::unordered_map<slot_no, std::vector<live_decline>> declines;  ///< of tickets that are marked so

    timers due;
    std::vector<slot_no> dirty_tickets;
    std::vector<slot_no> dirty_agents;
    bool has_kind_rules = false;  ///< whether any bit of `pauses` or `interrupts` is set
};

/// One command being carried out.
struct turn {
    core& site;
    std::vector<event>& out;

    /// Made in place of its members.
    template <class Event, class... Members>
    void say(Members&&... members) {
        out.emplace_back(std::in_place_type<Event>, std::forward<Members>(members)...);
    }
};

/// The number of a queue name, made on first use.
queue_no queue_number(core& site, std::string_view name);

/// A slot with a fresh record under this id; the id must not be known.
slot_no add_ticket(core& site, ticket_id id);
slot_no add_agent(core& site, agent_id id);

/// The ticket belongs to this queue from now on; `none`: to none any more.
inline void belong_to(core& site, ticket_record& ticket, queue_no queue) {
    if (ticket.queue != none) --site.queues[ticket.queue].tickets;
    if (queue != none) ++site.queues[queue].tickets;
    ticket.queue = queue;
}

inline void mark_ticket(core& site, slot_no ticket) {
    if (std::exchange(site.tickets[ticket].dirty, true)) return;
    site.dirty_tickets.push_back(ticket);
}
inline void mark_agent(core& site, slot_no agent) {
    if (std::exchange(site.agents[agent].dirty, true)) return;
    site.dirty_agents.push_back(agent);
}

}  // namespace kindred::dispatch
