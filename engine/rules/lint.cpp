#include "engine/rules/lint.hpp"

#include "engine/conditions/contradiction.hpp"
#include "engine/conditions/proof.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/lint_parts.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

using conditions::condition;

// Looks at conditions that a search may take: some tens of milliseconds a route, some seconds in all.
constexpr std::size_t most_looks_a_route = 50'000;
constexpr std::size_t most_looks = 40'000'000;

/// Conditions that are tried in order, the first that holds wins: which of them can never be reached.
struct tried_in_order {
    const std::string* name;
    const condition* when;
    const written_at* place;
    bool takes_all = true;  ///< false: only a share of those for whom it holds
};

settings::position position_of(const condition& asked) {
    if (const auto* test = std::get_if<conditions::fact_test>(&asked.what)) return test->at;
    return std::get<conditions::condition_group>(asked.what).at;
}

/// Warnings about conditions by themselves: what can never hold.
class contradiction_finder {
public:
    contradiction_finder(const compiled_rules& rules, settings::problems& found)
        : rules_(rules), found_(found), proving_(rules.catalog, rules.words) {}

    /// True when the whole condition can never hold; then that is warned of.
    bool warn_of(const condition& when, const written_at& place) {
        if (const auto clash = conditions::find_contradiction(when, rules_.catalog)) {
            found_.warning(place.file, clash->other->at,
                           "can never hold together with " + clash->one->as_written + " (line " +
                               std::to_string(clash->one->at.line) + ")");
            return true;
        }
        if (is_impossible(when)) {
            found_.warning(place.file, place.at, "its condition can never hold");
            return true;
        }
        warn_of_alternatives(when, {}, place.file);
        return false;
    }

private:
    bool is_impossible(const condition& when) {
        conditions::effort work{most_looks_a_route};
        return proving_.is_impossible(when, work);
    }

    /// Members of an `any` that cannot hold where the rest of the condition does.
    void warn_of_alternatives(const condition& when, const std::vector<condition>& rest, const std::string& file) {
        const auto* group = std::get_if<conditions::condition_group>(&when.what);
        if (group == nullptr || group->kind == conditions::group_kind::none) return;
        for (std::size_t i = 0; i < group->members.size(); ++i) {
            auto with_rest = rest;
            if (group->kind == conditions::group_kind::all) {
                for (std::size_t j = 0; j < group->members.size(); ++j)
                    if (j != i) with_rest.push_back(group->members[j]);
                warn_of_alternatives(group->members[i], with_rest, file);
                continue;
            }
            with_rest.push_back(group->members[i]);
            const condition together{conditions::condition_group{conditions::group_kind::all, with_rest, {}}};
            if (is_impossible(together))
                found_.warning(file, position_of(group->members[i]),
                               "this alternative can never hold together with the rest of the condition");
        }
    }

    const compiled_rules& rules_;
    settings::problems& found_;
    conditions::prover proving_;
};

std::string those_that_cover(const std::vector<std::size_t>& places, const std::vector<tried_in_order>& in_order) {
    constexpr std::size_t most_named = 4;
    std::string names;
    const auto named = places.size() > most_named ? most_named - 1 : places.size();
    for (std::size_t i = 0; i < named; ++i) {
        const auto& each = in_order[places[i]];
        const bool is_last = i > 0 && i + 1 == places.size();
        names += (i == 0 ? "" : is_last ? " and " : ", ");
        names += '"' + *each.name + "\" (line " + std::to_string(each.place->at.line) + ")";
    }
    if (named < places.size()) names += " and " + std::to_string(places.size() - named) + " more";
    return names + (places.size() == 1 ? " takes everything that it would" : " together take everything that it would");
}

void warn_covered(const std::vector<tried_in_order>& in_order, const char* what, const compiled_rules& rules,
                  settings::problems& found) {
    conditions::prover proving(rules.catalog, rules.words);
    contradiction_finder contradictions(rules, found);
    std::size_t left = most_looks;
    for (const auto& each : in_order) {
        const auto place = proving.add(*each.when, each.takes_all);
        if (contradictions.warn_of(*each.when, *each.place)) continue;
        if (left == 0) {
            found.warning(each.place->file, each.place->at,
                          std::string("from here on it was not looked for a ") + what +
                              " that can never be reached: there are too many conditions before");
            return;
        }
        conditions::effort work{std::min(left, most_looks_a_route)};
        const auto given = work.left;
        const auto cover = proving.covering(place, work);
        left -= given - work.left;
        if (cover)
            found.warning(each.place->file, each.place->at,
                          std::string(what) + " \"" + *each.name +
                              "\" can never be reached: " + those_that_cover(*cover, in_order));
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
    // The furthest stage that holds is taken: they are tried from the end of the funnel.
    std::vector<tried_in_order> stages;
    for (auto each = rules.stages.rbegin(); each != rules.stages.rend(); ++each)
        stages.push_back({&each->name, &each->when, &each->place});
    warn_covered(stages, "stage", rules, found);
}

void lint_other_conditions(const compiled_rules& rules, settings::problems& found) {
    contradiction_finder contradictions(rules, found);
    for (const auto& each : rules.escalations) contradictions.warn_of(each.when, each.place);
    for (const auto& each : rules.surveys) contradictions.warn_of(each.when, each.place);
    if (const auto& when = rules.self_service.exclude_when) contradictions.warn_of(*when, rules.self_service.place);
    for (const auto& each : rules.macros) contradictions.warn_of(each.when, each.place);
    for (const auto& each : rules.library.entries()) contradictions.warn_of(each.fits, {each.file, each.at});
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
    lint_other_conditions(compiled, found);
    lint_steps(compiled, found);
    lint_scripts(compiled, shown_folder, found);
    if (roster != nullptr) lint_roster(compiled, *roster, shown_folder, found);
    return found.sorted();
}

}  // namespace kindred::rules
