#include "engine/rules/macros.hpp"

#include "engine/conditions/evaluate.hpp"
#include "engine/rules/decider.hpp"

namespace kindred::rules {

std::vector<macro> macros_for(const ruleset& rules, const decision_input& input) {
    const auto& compiled = rules.compiled();
    std::vector<macro> fitting;
    if (compiled.macros.empty()) return fitting;
    decider placed(compiled, input);
    placed.place_customer();
    for (const auto& each : compiled.macros) {
        if (!conditions::holds(each.when, placed.facts())) continue;
        fitting.push_back({each.name, each.reply.fill(placed.facts(), compiled.zone),
                           each.note.fill(placed.facts(), compiled.zone), each.queue, each.snooze, each.disposition});
    }
    return fitting;
}

}  // namespace kindred::rules
