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
        if (!queue.overflow.empty() && !names.contains(queue.overflow)) {
            return refuse(errc::invalid, "unknown_queue",
                          "queue \"" + queue.name + "\" overflows to \"" + queue.overflow + "\", which is not there");
        }
    }
    return check_span(told.not_responding_for, "not_responding_for");
}

/// More offers at once may be wanted of what waits now, or fewer.
void refit_line(core& site, const queue_record& queue) {
    for (const auto& each : queue.line.entries()) {
        if (wants_offers(site, site.tickets[each.slot])) {
            place(site, each.slot);
            mark_ticket(site, each.slot);
        } else {
            unplace(site, each.slot);
        }
    }
}

void set_up(core& site, const queue_settings& wanted) {
    const queue_no number = queue_number(site, wanted.name);
    queue_record& queue = site.queues[number];
    const bool reordered = queue.settings.order != wanted.order;
    const bool refitted = queue.settings.offer.to != wanted.offer.to;
    queue.settings = wanted;
    queue.configured = true;
    if (reordered) reorder_queue(site, number);
    if (refitted) refit_line(site, queue);
}

void mark_ready_agents(core& site, const queue_record& queue) {
    for (std::uint32_t each = 0; each < queue.ready; ++each) mark_agent(site, queue.members[each]);
    for (const group_no group : queue.groups) {
        const group_key& key = site.groups[group].key;
        if (key.claim != claim_kind::none) mark_agent(site, key.claimed_for);
        if (key.lent_to == none) continue;
        const queue_record& lent_to = site.queues[key.lent_to];
        for (std::uint32_t each = 0; each < lent_to.ready; ++each) mark_agent(site, lent_to.members[each]);
    }
}

result<queue_no> find_queue(const core& site, std::string_view name) {
    const auto number = site.queue_names.find(name);
    if (number && (site.queues[*number].configured || waiting_in(site.queues[*number]) > 0)) return *number;
    return refuse(errc::not_found, "unknown_queue", "there is no queue \"" + std::string(name) + "\"");
}

}  // namespace

result<void> check_queue(const queue_settings& queue) {
    if (auto named = check_name(queue.name, "queue"); !named) return named;
    if (auto offer = check_offer_policy(queue); !offer) return offer;
    if (auto span = check_span(queue.prefer_for, "prefer"); !span) return span;
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
    drop_empty_groups(site);
    return {};
}

result<void> carry_out(turn& now, const open_queue& told) {
    const auto number = find_queue(now.site, told.queue);
    if (!number) return number.error();
    queue_record& queue = now.site.queues[*number];
    if (queue.open) return refuse(errc::conflict, "queue_open", "queue \"" + told.queue + "\" is open");
    queue.closed_for += (now.site.now - queue.closed_at).count();
    queue.closed_at = {};
    queue.open = true;
    rearm_queue(now.site, *number);
    mark_ready_agents(now.site, queue);
    now.say(queue_opened{told.queue});
    return {};
}

result<void> carry_out(turn& now, const close_queue& told) {
    const auto number = find_queue(now.site, told.queue);
    if (!number) return number.error();
    queue_record& queue = now.site.queues[*number];
    if (!queue.open) return refuse(errc::conflict, "queue_closed", "queue \"" + told.queue + "\" is closed");
    queue.closed_at = now.site.now;
    queue.open = false;
    rearm_queue(now.site, *number);
    now.say(queue_closed{told.queue});
    return {};
}

}  // namespace kindred::dispatch
