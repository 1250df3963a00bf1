#include "engine/dispatch/consulting.hpp"
#include "engine/dispatch/lifecycle.hpp"
#include "engine/dispatch/limits.hpp"
#include "engine/dispatch/offers.hpp"
#include "engine/dispatch/queue_clock.hpp"
#include "engine/dispatch/roster.hpp"
#include "engine/dispatch/snapshot.hpp"
#include "engine/dispatch/waiting.hpp"
#include "engine/dispatch/wire_settings.hpp"

#include <algorithm>

namespace kindred::dispatch {

namespace {

struct stored_offer {
    offer_id id;
    agent_id agent;
    time_point made_at;
    time_point expires_at;
};
struct stored_decline {
    agent_id agent;
    time_point until;
};

}  // namespace

namespace wire {

template <>
inline constexpr std::uint8_t last_of<ticket_state> = 5;
template <>
inline constexpr std::uint8_t last_of<claim_kind> = 3;
template <>
inline constexpr std::tuple members_of<stored_offer>{&stored_offer::id, &stored_offer::agent, &stored_offer::made_at,
                                                     &stored_offer::expires_at};
template <>
inline constexpr std::tuple members_of<stored_decline>{&stored_decline::agent, &stored_decline::until};

}  // namespace wire

namespace {

/// Every plain value of a ticket, in the order of the bytes: one list for both directions.
template <class Ticket, class Visit>
void each_value(Ticket& ticket, Visit visit) {
    visit(ticket.id);
    visit(ticket.state);
    visit(ticket.kind);
    visit(ticket.cost);
    visit(ticket.enqueued_at);
    visit(ticket.head_start);
    visit(ticket.step);
    visit(ticket.step_ends);
    visit(ticket.step_left);
    visit(ticket.claim);
    visit(ticket.claim_ends);
    visit(ticket.over_capacity);
    visit(ticket.last_agent);
    visit(ticket.owner);
    visit(ticket.until);
    visit(ticket.held_since);
    visit(ticket.claim_for);
    for (auto& allowed : ticket.targets.allowed) visit(allowed);
    visit(ticket.targets.counted_from);
    visit(ticket.targets.next_from);
    visit(ticket.targets.replied);
    visit(ticket.targets.next_runs);
    visit(ticket.targets.missed);
    visit(ticket.targets.paused);
}

const std::vector<live_decline>& declines_of(const core& site, const ticket_record& ticket) {
    static const std::vector<live_decline> nobody;
    return ticket.declined ? site.declines.at(site.ticket_slots.find(ticket.id.value)) : nobody;
}

agent_id id_of(const core& site, slot_no agent) { return agent == none ? agent_id{} : site.agents[agent].id; }

/// A ticket's bytes, read but not yet believed.
struct stored_ticket {
    ticket_record values;
    std::string_view queue;
    std::string_view asked;
    std::string_view steps;
    std::string_view lent_to;
    bool callback = false;
    agent_id consulted;
    agent_id claimed_for;
    agent_id holder;
    std::vector<stored_offer> offers;
    std::vector<stored_decline> declines;
};

bool read_ticket(std::string_view text, stored_ticket& row) {
    wire::reader bytes(text);
    if (bytes.number() != snapshot_layout) return false;
    each_value(row.values, [&](auto& value) { bytes.get(value); });
    row.queue = bytes.text();
    row.asked = bytes.text();
    row.steps = bytes.text();
    bytes.get(row.claimed_for);
    bytes.get(row.holder);
    bytes.get(row.offers);
    bytes.get(row.declines);
    if (bytes.ok() && !bytes.at_end()) row.lent_to = bytes.text();
    if (bytes.ok() && !bytes.at_end()) {
        bytes.get(row.callback);
        bytes.get(row.consulted);
    }
    return bytes.ok() && bytes.at_end();
}

bool has_holder(ticket_state state) { return state == ticket_state::held || state == ticket_state::wrapping_up; }

bool has_sane_times(const stored_ticket& row) {
    bool sane = true;
    each_value(row.values, [&](const auto& value) {
        using type = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::is_same_v<type, time_point> || std::is_same_v<type, duration>) sane = sane && is_sane(value);
        if constexpr (std::is_same_v<type, queue_time>) sane = sane && (value == never || is_sane(value));
    });
    for (const stored_offer& each : row.offers) sane = sane && is_sane(each.made_at) && is_sane(each.expires_at);
    for (const stored_decline& each : row.declines) sane = sane && is_sane(each.until);
    for (const std::int64_t allowed : row.values.targets.allowed) sane = sane && is_sane(allowed);
    return sane && is_sane(row.values.targets.counted_from) && is_sane(row.values.targets.next_from);
}

/// Whether what was read can be true here.
bool is_sound(const core& site, const stored_ticket& row) {
    const ticket_record& ticket = row.values;
    const auto known = [&](agent_id agent) { return site.agent_slots.find(agent.value) != none; };
    if (!has_sane_times(row)) return false;
    if (!ticket.id || site.ticket_slots.find(ticket.id.value) != none) return false;
    if (row.queue.empty() || row.asked.empty() || ticket.cost < 1 || ticket.cost > most_units) return false;
    if (has_holder(ticket.state) != known(row.holder)) return false;
    if ((ticket.state == ticket_state::offered) == row.offers.empty()) return false;
    if ((ticket.claim != claim_kind::none) != known(row.claimed_for)) return false;
    if (row.consulted && (ticket.state != ticket_state::held || !known(row.consulted))) return false;
    if (row.consulted && row.consulted == row.holder) return false;
    if (ticket.claim != claim_kind::none && !waits(ticket)) return false;
    for (const stored_offer& offer : row.offers) {
        if (!offer.id || !known(offer.agent) || site.offer_slots.find(offer.id.value) != none) return false;
    }
    return std::all_of(row.declines.begin(), row.declines.end(),
                       [&](const stored_decline& each) { return known(each.agent); });
}

void enter_waiting(core& site, slot_no slot, const stored_ticket& row) {
    ticket_record& ticket = site.tickets[slot];
    const slot_no claimant = site.agent_slots.find(row.claimed_for.value);
    if (ticket.claim != claim_kind::none && site.agents[claimant].state == presence::available) {
        ticket.claimed_for = claimant;
    } else {
        // Nobody can be waited for who is not there any more.
        ticket.claim = claim_kind::none;
        ticket.claim_ends = never;
    }
    join_line(site, slot);
    for (const stored_offer& offer : row.offers) {
        record_offer(site, offer.id, slot, site.agent_slots.find(offer.agent.value), offer.made_at, offer.expires_at);
        site.last_offer = std::max(site.last_offer, offer.id);
    }
    place(site, slot);
}

}  // namespace

void append_ticket(std::string& out, const core& site, const ticket_record& ticket) {
    wire::writer bytes(out);
    bytes.number(snapshot_layout);
    each_value(ticket, [&](const auto& value) { bytes.put(value); });
    bytes.text(site.queue_names.name(ticket.queue));
    bytes.text(site.queue_names.name(ticket.asked));
    bytes.text(site.plans.encoded(ticket.plan));
    bytes.put(id_of(site, ticket.claimed_for));
    bytes.put(id_of(site, ticket.holder));
    bytes.number(ticket.offers);
    for (slot_no each = ticket.first_offer; each != none; each = site.offers[each].next_of_ticket) {
        const offer_record& offer = site.offers[each];
        bytes.put(stored_offer{offer.id, id_of(site, offer.agent), offer.made_at, offer.expires_at});
    }
    const auto& declines = declines_of(site, ticket);
    bytes.number(declines.size());
    for (const live_decline& each : declines) bytes.put(stored_decline{id_of(site, each.agent), each.until});
    // Last, and only where there is something to say: older bytes end here.
    const bool has_more = ticket.callback || ticket.consulted != none;
    if (ticket.lent_to != none || has_more)
        bytes.text(ticket.lent_to == none ? std::string_view() : site.queue_names.name(ticket.lent_to));
    if (!has_more) return;
    bytes.put(ticket.callback);
    bytes.put(id_of(site, ticket.consulted));
}

result<void> restore_ticket(core& site, std::string_view text) {
    stored_ticket row;
    if (!read_ticket(text, row) || !is_sound(site, row)) {
        return fail(errc::corrupt, "stored state of ticket " + to_string(row.values.id) + " cannot be true here");
    }
    const auto plan = site.plans.intern_encoded(row.steps);
    if (!plan || row.values.step >= site.plans.steps(*plan).size()) {
        return fail(errc::corrupt, "stored steps of ticket " + to_string(row.values.id) + " cannot be true here");
    }
    const slot_no slot = add_ticket(site, row.values.id);
    ticket_record& ticket = site.tickets[slot];
    ticket = row.values;
    ticket.plan = *plan;
    ticket.promised = std::ranges::any_of(ticket.targets.allowed, [](std::int64_t allowed) { return allowed >= 0; });
    ticket.callback = row.callback;
    belong_to(site, ticket, queue_number(site, row.queue));
    ticket.asked = queue_number(site, row.asked);
    if (!row.lent_to.empty()) ticket.lent_to = queue_number(site, row.lent_to);
    for (const stored_decline& each : row.declines) {
        const slot_no agent = site.agent_slots.find(each.agent.value);
        record_decline(site, slot, {agent, each.until});
    }
    if (has_holder(ticket.state)) {
        const slot_no holder = site.agent_slots.find(row.holder.value);
        record_holder(site, slot, holder);
        use_units(site, holder, ticket.kind, ticket.cost);
        const slot_no consulted = site.agent_slots.find(row.consulted.value);
        if (consulted != none) record_consultation(site, slot, consulted);
    } else if (waits(ticket)) {
        enter_waiting(site, slot, row);
    }
    rearm_clock(site, slot);
    rearm_ticket(site, slot);
    return {};
}

}  // namespace kindred::dispatch
