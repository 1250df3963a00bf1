#include "engine/dispatch/borrowing.hpp"
#include "engine/dispatch/carry_out.hpp"
#include "engine/dispatch/limits.hpp"
#include "engine/dispatch/queue_clock.hpp"
#include "engine/dispatch/refusal.hpp"
#include "engine/dispatch/roster.hpp"
#include "engine/dispatch/waiting.hpp"

#include <set>

namespace kindred::dispatch {

namespace {

result<void> check_offer_policy(const queue_settings& queue) {
    if (queue.offer.to < 1 || queue.offer.to > most_offers_at_once) {
        return refuse(errc::invalid, "invalid_offer", "queue \"" + queue.name + "\": offer.to must be from 1 to 50");
    }
    if (queue.offer.expires <= duration{0}) {
        return refuse(errc::invalid, "invalid_offer", "queue \"" + queue.name + "\": offer.expires must be above 0");
    }
    if (auto span = check_span(queue.offer.expires, "offer.expires"); !span) return span;
    return check_span(queue.offer.after_decline, "offer.after_decline");
}

result<void> check_borrowing(const queue_settings& queue) {
    if (queue.borrow.from.size() > most_lenders) return refuse(errc::invalid, "too_many_lenders", "at most 20");
    if (auto span = check_span(queue.borrow.above, "borrow.above"); !span) return span;
    if (auto span = check_span(queue.borrow.below, "borrow.below"); !span) return span;
    if (queue.borrow.below < queue.borrow.above) return {};
    return refuse(errc::invalid, "invalid_borrow",
                  "queue \"" + queue.name + "\": borrow.below must be less than borrow.above");
}

result<void> check_queues(const configure& told) {
    if (told.queues.size() > most_queues) return refuse(errc::invalid, "too_many_queues", "at most 100000");
    std::set<std::string_view> names;
    for (const queue_settings& queue : told.queues) {
        if (auto checked = check_queue(queue); !checked) return checked;
        if (!names.insert(queue.name).second) {
            return refuse(errc::invalid, "duplicate_queue", "queue \"" + queue.name + "\" is named twice");
        }
    }
    for (const queue_settings& queue : told.queues) {
        for (const std::string* to : {&queue.overflow, &queue.closed_overflow, &queue.holiday_overflow}) {
            if (to->empty() || names.contains(*to)) continue;
            return refuse(errc::invalid, "unknown_queue",
                          "queue \"" + queue.name + "\" overflows to \"" + *to + "\", which is not there");
        }
        for (const std::string& lender : queue.borrow.from) {
            if (names.contains(lender) && lender != queue.name) continue;
            return refuse(errc::invalid, "unknown_queue",
                          "queue \"" + queue.name + "\" cannot borrow from \"" + lender + "\"");
        }
    }
    for (const auto* rules : {&told.pauses, &told.interrupts}) {
        if (rules->size() > channel_kinds) return refuse(errc::invalid, "too_many_kinds", "each kind at most once");
    }
    return check_span(told.not_responding_for, "not_responding_for");
}

/// More offers at once may be wanted of what waits now, or fewer.
void refit_line(core& site, queue_no number) {
    each_waiting(site, number, [&](slot_no slot) {
        if (!wants_offers(site, site.tickets[slot])) return unplace(site, slot);
        place(site, slot);
        mark_ticket(site, slot);
    });
}

void set_up(core& site, const queue_settings& wanted) {
    const queue_no number = queue_number(site, wanted.name);
    queue_record& queue = site.queues[number];
    const bool reordered = queue.settings.order != wanted.order;
    const bool refitted = queue.settings.offer.to != wanted.offer.to;
    queue.settings = wanted;
    queue.configured = true;
    if (reordered) reorder_queue(site, number);
    if (refitted) refit_line(site, number);
}

kind_bits bits_of(const std::vector<kind_rule>& rules) {
    kind_bits bits{};
    for (const kind_rule& each : rules) {
        for (const channel_kind other : each.others) bits[kind_index(each.kind)] |= bit_of(other);
    }
    return bits;
}

void set_up_kinds(core& site, const configure& told) {
    const kind_bits pauses = bits_of(told.pauses);
    const kind_bits interrupts = bits_of(told.interrupts);
    if (pauses == site.pauses && interrupts == site.interrupts) return;
    site.pauses = pauses;
    site.interrupts = interrupts;
    site.has_kind_rules = pauses != kind_bits{} || interrupts != kind_bits{};
    site.agent_slots.for_each([&](std::uint64_t, slot_no agent) {
        refresh_zone(site, agent);
        if (site.agents[agent].state == presence::available) mark_agent(site, agent);
    });
}

}  // namespace

result<void> check_queue(const queue_settings& queue) {
    if (auto named = check_name(queue.name, "queue"); !named) return named;
    if (auto offer = check_offer_policy(queue); !offer) return offer;
    if (auto span = check_span(queue.prefer_for, "prefer"); !span) return span;
    if (auto borrow = check_borrowing(queue); !borrow) return borrow;
    for (const auto& [kind, lasts] : queue.wrap_up) {
        if (auto span = check_span(lasts, "wrap_up"); !span) return span;
    }
    return {};
}

result<void> carry_out(turn& now, const configure& told) {
    if (auto checked = check_queues(told); !checked) return checked;
    core& site = now.site;
    for (queue_record& queue : site.queues) queue.configured = false;
    for (const queue_settings& queue : told.queues) set_up(site, queue);
    site.not_responding_for = told.not_responding_for;
    set_up_kinds(site, told);
    find_borrowers(site);
    drop_empty_groups(site);
    return {};
}

result<void> carry_out(turn& now, const open_queue& told) {
    const auto number = find_queue(now.site, told.queue);
    if (!number) return number.error();
    queue_record& queue = now.site.queues[*number];
    if (queue.calendar_open) return refuse(errc::conflict, "queue_open", "queue \"" + told.queue + "\" is open");
    queue.calendar_open = true;
    queue.holiday = false;
    follow_hours(now, *number);
    return {};
}

result<void> carry_out(turn& now, const close_queue& told) {
    const auto number = find_queue(now.site, told.queue);
    if (!number) return number.error();
    queue_record& queue = now.site.queues[*number];
    if (!queue.calendar_open && queue.holiday == told.holiday) {
        return refuse(errc::conflict, "queue_closed", "queue \"" + told.queue + "\" is closed");
    }
    const bool was_closed = !queue.calendar_open;
    queue.calendar_open = false;
    queue.holiday = told.holiday;
    follow_hours(now, *number);
    if (was_closed) now.say<queue_closed>(told.queue, told.holiday);
    return {};
}

}  // namespace kindred::dispatch
