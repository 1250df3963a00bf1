#include "engine/runtime/tickets/kept_priority.hpp"

#include "engine/routing/escalation_look.hpp"

#include <algorithm>

namespace kindred::runtime {

std::string keep_priority(const world& on, const ticket& about, const decision_record& record,
                          const std::string& decided, dispatch::ticket_plan& plan) {
    if (record.priority_set) {
        if (const auto seen = on.dispatch.ticket(about.id, about.updated_at)) plan.head_start = seen->head_start;
        return record.priority;
    }
    std::string priority = decided;
    for (const auto& each : on.rules.compiled().escalations) {
        const bool done =
            std::find(record.escalated.begin(), record.escalated.end(), each.name) != record.escalated.end();
        const auto raised = done ? routing::raised_to(on.rules, each.priority, plan.head_start) : std::nullopt;
        if (!raised) continue;
        plan.head_start = *raised;
        priority = each.priority;
    }
    return priority;
}

}  // namespace kindred::runtime
