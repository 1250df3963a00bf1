#include "engine/routing/escalation_look.hpp"

#include <algorithm>

namespace kindred::routing {
namespace {

std::optional<duration> nearest_target(const dispatch::ticket_view& seen) {
    std::optional<duration> nearest;
    for (const auto& left : {seen.first_response_left, seen.next_response_left, seen.resolution_left})
        if (left && (!nearest || *left < *nearest)) nearest = left;
    return nearest;
}

}  // namespace

bool can_escalate(dispatch::ticket_state state) {
    return state == dispatch::ticket_state::waiting || state == dispatch::ticket_state::offered ||
           state == dispatch::ticket_state::held;
}

escalation_look::escalation_look(const dispatch::ticket_view& seen, time_point now)
    : seen_(seen), now_(now), waits_(seen.state != dispatch::ticket_state::held), left_(nearest_target(seen)) {}

bool escalation_look::may_hold(const rules::escalation_moments& of) const {
    if (of.waits_at_least && (!waits_ || now_ - seen_.enqueued_at < *of.waits_at_least)) return false;
    return !of.left_at_most || (left_ && *left_ <= *of.left_at_most);
}

std::optional<time_point> escalation_look::next_moment(const rules::escalation_moments& of,
                                                       const std::function<bool()>& queue_open) const {
    std::optional<time_point> next;
    const auto consider = [&](time_point at) {
        if (at > now_ && (!next || at < *next)) next = at;
    };
    if (waits_)
        for (const auto waited : of.waiting) consider(seen_.enqueued_at + waited);
    if (left_ && !of.target_left.empty() && queue_open())
        for (const auto before : of.target_left) consider(now_ + (*left_ - before));
    return next;
}

rules::ticket_facts escalation_look::facts(const std::string& priority, std::int64_t transfers) const {
    rules::ticket_facts made;
    made.queue = seen_.queue;
    made.priority = priority;
    if (waits_) made.waiting = now_ - seen_.enqueued_at;
    made.target_left = left_;
    made.transfers = transfers;
    return made;
}

std::optional<duration> raised_to(const rules::ruleset& rules, const std::string& priority, duration head_start) {
    const auto& levels = rules.priorities();
    const auto level =
        std::find_if(levels.begin(), levels.end(), [&](const auto& each) { return each.name == priority; });
    if (level == levels.end() || level->head_start <= head_start) return std::nullopt;
    return level->head_start;
}

}  // namespace kindred::routing
