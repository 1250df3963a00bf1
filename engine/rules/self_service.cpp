#include "engine/rules/self_service.hpp"

#include "engine/conditions/evaluate.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/decider.hpp"

#include <algorithm>

namespace kindred::rules {

bool is_left_to_people(const ruleset& rules, const decision_input& input, const decision& made) {
    const auto& compiled = rules.compiled();
    const auto& wanted = compiled.self_service;
    const bool named = std::any_of(wanted.exclude.begin(), wanted.exclude.end(), [&](const auto& each) {
        const auto& [dimension, names] = each;
        const auto placed = dimension == "stage" ? std::string_view(made.stage) : made.segment_of(dimension);
        return std::find(names.begin(), names.end(), placed) != names.end();
    });
    if (named || !wanted.exclude_when) return named;
    decider asked(compiled, input);
    asked.place_customer();
    return conditions::holds(*wanted.exclude_when, asked.facts());
}

std::optional<text_body> fitting_article(const ruleset& rules, std::string_view id, const decision_input& input) {
    const auto& compiled = rules.compiled();
    decider placed(compiled, input);
    const auto order = placed.languages();
    placed.place_customer();
    const auto fitting = compiled.library.fitting(knowledge::text_kind::article, placed.facts(), order,
                                                  compiled.library.entries().size());
    const auto found = std::find_if(fitting.begin(), fitting.end(),
                                    [&](const auto& each) { return compiled.library[each.index].id == id; });
    if (found == fitting.end()) return std::nullopt;
    const auto& entry = compiled.library[found->index];
    if (!entry.language.empty() && !order.empty() && entry.language != order.front()) return std::nullopt;
    return text_body{entry.id, entry.language, entry.title, entry.body.fill(placed.facts(), compiled.zone)};
}

}  // namespace kindred::rules
