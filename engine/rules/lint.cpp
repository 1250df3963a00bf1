#include "engine/rules/lint.hpp"

#include "engine/conditions/implication.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/lint_parts.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

void warn_contradiction(const conditions::condition& when, const std::string& file, const compiled_rules& rules,
                        settings::problems& found) {
    const auto clash = conditions::find_contradiction(when, rules.catalog);
    if (!clash) return;
    found.warning(file, clash->other->at,
                  "can never hold together with " + clash->one->as_written + " (line " +
                      std::to_string(clash->one->at.line) + ")");
}

/// Conditions that are tried in order, the first that holds wins: which of them can never be reached.
struct tried_in_order {
    const std::string* name;
    const conditions::condition* when;
    const written_at* place;
    bool takes_all = true;  ///< false: only a share of those for whom it holds
};

void warn_covered(const std::vector<tried_in_order>& in_order, const char* what, const compiled_rules& rules,
                  settings::problems& found) {
    for (std::size_t later = 0; later < in_order.size(); ++later) {
        warn_contradiction(*in_order[later].when, in_order[later].place->file, rules, found);
        for (std::size_t earlier = 0; earlier < later; ++earlier) {
            if (!in_order[earlier].takes_all) continue;
            if (!conditions::implies(*in_order[later].when, *in_order[earlier].when, rules.catalog)) continue;
            found.warning(in_order[later].place->file, in_order[later].place->at,
                          std::string(what) + " \"" + *in_order[later].name + "\" can never be reached: \"" +
                              *in_order[earlier].name + "\" (line " + std::to_string(in_order[earlier].place->at.line) +
                              ") takes everything that it would");
            break;
        }
    }
}

void lint_routes(const compiled_rules& rules, settings::problems& found) {
    std::vector<tried_in_order> routes;
    for (const auto& each : rules.routes) routes.push_back({&each.name, &each.when, &each.place, !each.share});
    warn_covered(routes, "route", rules, found);
}

void lint_segments(const compiled_rules& rules, settings::problems& found) {
    for (const auto& dimension : rules.dimensions) {
        std::vector<tried_in_order> groups;
        for (const auto& each : dimension.groups) groups.push_back({&each.name, &each.when, &each.place});
        warn_covered(groups, "segment", rules, found);
    }
    for (const auto& each : rules.stages) warn_contradiction(each.when, each.place.file, rules, found);
}

/// Whether every agent that meets `narrow` meets `wide`.
bool is_wider(const step_definition& wide, const step_definition& narrow) {
    if (wide.language_level && (!narrow.language_level || *wide.language_level > *narrow.language_level)) return false;
    return std::all_of(wide.asks.skills.begin(), wide.asks.skills.end(), [&](const auto& wanted) {
        return std::any_of(narrow.asks.skills.begin(), narrow.asks.skills.end(),
                           [&](const auto& had) { return had.skill == wanted.skill && had.level >= wanted.level; });
    });
}

void lint_steps(const compiled_rules& rules, settings::problems& found) {
    for (const auto& route : rules.routes)
        for (std::size_t i = 1; i < route.steps.size(); ++i) {
            const auto& before = route.steps[i - 1];
            const auto& step = route.steps[i];
            if (!is_wider(step, before))
                found.warning(route.place.file, step.at,
                              "this step does not widen the one before it: who could be offered then may not be now");
            else if (is_wider(before, step))
                found.warning(route.place.file, step.at, "this step asks for the same as the one before it");
        }
}

}  // namespace

std::vector<settings::diagnostic> lint(const ruleset& rules, const std::vector<roster_agent>* roster,
                                       std::string_view shown_folder) {
    settings::problems found;
    const auto& compiled = rules.compiled();
    lint_routes(compiled, found);
    lint_segments(compiled, found);
    lint_steps(compiled, found);
    lint_scripts(compiled, shown_folder, found);
    if (roster != nullptr) lint_roster(compiled, *roster, shown_folder, found);
    return found.sorted();
}

}  // namespace kindred::rules
