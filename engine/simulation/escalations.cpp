#include "engine/simulation/escalations.hpp"

#include "engine/rules/compiled_rules.hpp"

#include <algorithm>

namespace kindred::simulation {

escalations::escalations(const rules::ruleset& rules) : rules_(rules) { clock_.follow(rules); }

void escalations::began(ticket_id ticket, std::shared_ptr<const escalation_facts> about) {
    if (!any() || about == nullptr) return;
    std::string priority = about->priority;
    open_.insert_or_assign(ticket, watched{std::move(about), std::move(priority),
                                           std::vector<bool>(rules_.compiled().escalations.size(), false)});
    clock_.look_at(ticket);
}

void escalations::changed(ticket_id ticket) {
    if (open_.contains(ticket)) clock_.look_at(ticket);
}

void escalations::ended(ticket_id ticket) {
    if (open_.erase(ticket) > 0) clock_.set(ticket, std::nullopt);
}

void escalations::opened(const std::string& queue, const dispatch::dispatcher& core, time_point now) {
    if (!watches_targets()) return;
    std::vector<ticket_id> there;
    for (const auto& [ticket, about] : open_) {
        const auto seen = core.ticket(ticket, now);
        if (seen && seen->queue == queue) there.push_back(ticket);
    }
    // In an order that is the same on every machine.
    std::sort(there.begin(), there.end());
    for (const auto ticket : there) clock_.look_at(ticket);
}

void escalations::carry_out(const dispatch::dispatcher& core, time_point now, const rules::queue_board& board,
                            const teller& tell, const listener& said) {
    if (!any()) return;
    while (const auto ticket = clock_.take(now)) {
        const auto seen = core.ticket(*ticket, now);
        if (seen && open_.contains(*ticket) && routing::can_escalate(seen->state))
            look(*ticket, *seen, now, core, board, tell, said);
        else
            clock_.set(*ticket, std::nullopt);
    }
}

void escalations::look(ticket_id ticket, dispatch::ticket_view seen, time_point now, const dispatch::dispatcher& core,
                       const rules::queue_board& board, const teller& tell, const listener& said) {
    watched& about = open_.at(ticket);
    const routing::escalation_look found(seen, now);
    const auto queue_open = [&] {
        const auto door = core.door(seen.queue);
        return door && door->open;
    };
    const auto& compiled = rules_.compiled();
    std::optional<time_point> next;
    for (std::size_t each = 0; each < compiled.escalations.size(); ++each) {
        const auto& escalation = compiled.escalations[each];
        const auto& moments = clock_.moments()[each];
        if (about.done[each]) continue;
        // A simulated ticket is never transferred.
        if (found.may_hold(moments) && moments.transfers_at_least <= 0) {
            auto facts = found.facts(about.priority, 0);
            facts.placed = true;
            facts.segments = about.about->segments;
            facts.stage = about.about->stage;
            if (rules::holds(escalation, compiled, {*about.about->said, *about.about->who, now, board}, facts)) {
                about.done[each] = true;
                const auto raised = routing::raised_to(rules_, escalation.priority, seen.head_start);
                if (raised && tell(dispatch::set_priority{ticket, *raised})) {
                    about.priority = escalation.priority;
                    seen.head_start = *raised;
                }
                if (!escalation.also_offer.empty() && found.waits() && escalation.also_offer != seen.queue)
                    tell(dispatch::also_offer{ticket, escalation.also_offer});
                said(ticket, escalation.name);
                continue;
            }
        }
        const auto moment = found.next_moment(moments, queue_open);
        if (moment && (!next || *moment < *next)) next = moment;
    }
    clock_.set(ticket, next);
}

}  // namespace kindred::simulation
