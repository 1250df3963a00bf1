#include "engine/rules/coverage.hpp"

#include "engine/rules/compiled_rules.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

coverage_cell decided(const ruleset& rules, coverage_cell cell, std::string_view dimension, time_point now) {
    contact about;
    about.kind = cell.channel;
    about.language = cell.language;
    about.received_at = now;
    customer who;
    who.language = cell.language;
    who.declared = rules.customer_defaults();
    who.pins.push_back({std::string(dimension), cell.segment, {}, {}, now, {}});
    if (!cell.stage.empty()) who.pins.push_back({"stage", cell.stage, {}, {}, now, {}});
    const empty_board board;
    decision_input input{about, who, now, board};
    input.shares_out = true;
    input.noting_facts = false;
    const auto made = rules.decide(input);
    cell.route = made.route;
    cell.queue = made.queue;
    cell.by_fallback = made.route == rules.compiled().routes.back().name;
    if (made.script) {
        cell.script = made.script->id;
        cell.script_language = made.script->language;
    }
    for (const auto& each : made.articles)
        if (each.language.empty() || each.language == cell.language) cell.articles.push_back(each.id);
    return cell;
}

}  // namespace

std::vector<std::string_view> gaps_of(const coverage_cell& cell) {
    std::vector<std::string_view> gaps;
    if (cell.by_fallback) gaps.emplace_back("fallback");
    if (cell.script.empty())
        gaps.emplace_back("no_script");
    else if (!cell.script_language.empty() && cell.script_language != cell.language)
        gaps.emplace_back("script_in_another_language");
    if (cell.articles.empty()) gaps.emplace_back("no_article");
    return gaps;
}

result<std::vector<coverage_cell>> coverage_of(const ruleset& rules, std::string_view dimension,
                                               std::span<const channel_kind> channels, time_point now) {
    const auto& compiled = rules.compiled();
    const auto found = std::find_if(compiled.dimensions.begin(), compiled.dimensions.end(),
                                    [&](const auto& each) { return each.name == dimension; });
    if (found == compiled.dimensions.end())
        return fail(errc::not_found, "dimension: segments.yaml has no \"" + std::string(dimension) + '"');
    std::vector<std::string> stages;
    for (const auto& each : compiled.stages) stages.push_back(each.name);
    if (stages.empty()) stages.emplace_back();
    std::vector<coverage_cell> cells;
    for (const auto& group : found->groups)
        for (const auto& stage : stages)
            for (const auto channel : channels)
                for (const auto& language : compiled.site.languages) {
                    coverage_cell place;
                    place.segment = group.name;
                    place.stage = stage;
                    place.channel = channel;
                    place.language = language;
                    cells.push_back(decided(rules, std::move(place), dimension, now));
                }
    return cells;
}

}  // namespace kindred::rules
