#include "engine/routing/calendar_watch.hpp"

namespace kindred::routing {

calendar_watch::watched calendar_watch::look(const rules::ruleset& rules, const std::string& queue, time_point now) {
    const auto* calendar = rules.calendar_of_queue(queue);
    if (calendar == nullptr) return {queue, true, false, std::nullopt};
    const auto stands = calendar->state_at(now);
    return {queue, stands == conditions::opening::open, stands == conditions::opening::holiday,
            calendar->next_change(now)};
}

std::vector<calendar_watch::change> calendar_watch::follow(const rules::ruleset& rules, time_point now) {
    std::vector<change> all;
    queues_.clear();
    for (const auto& queue : rules.queues()) {
        queues_.push_back(look(rules, queue.name, now));
        all.push_back({queue.name, queues_.back().open, queues_.back().holiday});
    }
    return all;
}

std::optional<time_point> calendar_watch::next_due() const {
    std::optional<time_point> soonest;
    for (const auto& each : queues_)
        if (each.next && (!soonest || *each.next < *soonest)) soonest = each.next;
    return soonest;
}

std::vector<calendar_watch::change> calendar_watch::advance(const rules::ruleset& rules, time_point now) {
    std::vector<change> changed;
    for (auto& each : queues_) {
        if (!each.next || *each.next > now) continue;
        const watched before = each;
        each = look(rules, each.queue, now);
        if (each.open != before.open || each.holiday != before.holiday)
            changed.push_back({each.queue, each.open, each.holiday});
    }
    return changed;
}

bool calendar_watch::open(std::string_view queue) const {
    for (const auto& each : queues_)
        if (each.queue == queue) return each.open;
    return true;
}

dispatch::command calendar_watch::command_for(const change& seen) {
    if (seen.open) return dispatch::open_queue{seen.queue};
    return dispatch::close_queue{seen.queue, seen.holiday};
}

}  // namespace kindred::routing
