#include "engine/routing/escalation_clock.hpp"

#include "engine/rules/compiled_rules.hpp"

namespace kindred::routing {

void escalation_clock::follow(const rules::ruleset& rules) {
    *this = {};
    const auto& compiled = rules.compiled();
    for (const auto& each : compiled.escalations) {
        moments_.push_back(rules::moments_of(each, compiled.catalog));
        watches_targets_ = watches_targets_ || !moments_.back().target_left.empty();
    }
}

void escalation_clock::set(ticket_id ticket, std::optional<time_point> moment) {
    if (!moment) {
        set_.erase(ticket);
        return;
    }
    const auto [known, is_new] = set_.try_emplace(ticket, *moment);
    if (!is_new && known->second == *moment) return;
    known->second = *moment;
    alarms_.push({*moment, ticket});
}

void escalation_clock::drop_stale() {
    while (!alarms_.empty()) {
        const auto& first = alarms_.top();
        const auto known = set_.find(first.ticket);
        if (known != set_.end() && known->second == first.at) return;
        alarms_.pop();
    }
}

std::optional<time_point> escalation_clock::next_due() {
    if (!unseen_.empty()) return time_point{};
    drop_stale();
    if (alarms_.empty()) return std::nullopt;
    return alarms_.top().at;
}

std::optional<ticket_id> escalation_clock::take(time_point now) {
    if (!order_.empty()) {
        const auto ticket = order_.back();
        order_.pop_back();
        noticed_.erase(ticket);
        return ticket;
    }
    drop_stale();
    if (alarms_.empty() || alarms_.top().at > now) return std::nullopt;
    const auto ticket = alarms_.top().ticket;
    alarms_.pop();
    set_.erase(ticket);
    return ticket;
}

std::optional<ticket_id> escalation_clock::take_unseen() {
    if (unseen_.empty()) return std::nullopt;
    const auto ticket = unseen_.back();
    unseen_.pop_back();
    return ticket;
}

}  // namespace kindred::routing
