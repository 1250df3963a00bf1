#include "engine/rules/escalations.hpp"

#include "engine/conditions/evaluate.hpp"
#include "engine/rules/decider.hpp"
#include "engine/rules/sampled_facts.hpp"

#include <algorithm>
#include <cmath>

namespace kindred::rules {
namespace {

/// The values at which a test's answer changes while the fact rises (a wait) or falls (what is left of a target): a
/// bound itself where that is the first for which the answer is another, else the millisecond after it.
std::vector<duration> turning_points(const conditions::operand& wanted, bool rises) {
    std::vector<duration> all;
    const duration onward{rises ? 1 : -1};
    const auto add = [&](double bound, bool at_once) {
        if (!std::isfinite(bound)) return;
        const duration at{static_cast<std::int64_t>(bound)};
        all.push_back(at_once ? at : at + onward);
    };
    if (const auto* range = std::get_if<conditions::is_within>(&wanted)) {
        add(range->least, rises == range->least_included);
        add(range->most, rises != range->most_included);
    }
    if (const auto* numbers = std::get_if<conditions::is_one_number_of>(&wanted))
        for (const double each : numbers->numbers)
            for (const bool at_once : {true, false}) add(each, at_once);
    return all;
}

/// What must hold for the whole to hold.
std::vector<const conditions::fact_test*> demands_of(const conditions::condition& when) {
    std::vector<const conditions::fact_test*> demands;
    if (const auto* test = std::get_if<conditions::fact_test>(&when.what)) return {test};
    const auto& group = std::get<conditions::condition_group>(when.what);
    if (group.kind != conditions::group_kind::all) return demands;
    for (const auto& each : group.members)
        for (const auto* test : demands_of(each)) demands.push_back(test);
    return demands;
}

void note_demand(const conditions::fact_test& test, const std::string& name, escalation_moments& into) {
    const auto* range = std::get_if<conditions::is_within>(&test.wanted);
    if (range == nullptr) return;
    if (name == "ticket.waiting" && std::isfinite(range->least))
        into.waits_at_least = duration{static_cast<std::int64_t>(range->least)};
    if (name == "ticket.target_left" && std::isfinite(range->most))
        into.left_at_most = duration{static_cast<std::int64_t>(range->most)};
    if (name == "ticket.transfers" && std::isfinite(range->least)) into.transfers_at_least = range->least;
}

void sort_once(std::vector<duration>& spans) {
    std::sort(spans.begin(), spans.end());
    spans.erase(std::unique(spans.begin(), spans.end()), spans.end());
}

/// Gives facts to those who ask for them, by name.
class fact_giver {
public:
    fact_giver(conditions::fact_table& facts, const conditions::fact_catalog& catalog)
        : facts_(facts), catalog_(catalog) {}

    void give(std::string_view name, conditions::fact_view value, std::string_view source = "ticket") {
        if (const auto fact = catalog_.find(name)) facts_.give(*fact, {std::move(value), source, std::nullopt});
    }
    void give(std::string_view name, const std::optional<duration>& span) {
        if (span) give(name, conditions::fact_view(*span));
    }
    void give_text(std::string_view name, const std::string& text) {
        if (!text.empty()) give(name, std::string_view(text));
    }

private:
    conditions::fact_table& facts_;
    const conditions::fact_catalog& catalog_;
};

}  // namespace

escalation_moments moments_of(const escalation_definition& escalation, const conditions::fact_catalog& catalog) {
    std::vector<const conditions::fact_test*> tests;
    collect_tests(escalation.when, tests);
    escalation_moments made;
    for (const auto* test : tests) {
        const auto& name = catalog[test->fact].name;
        auto* into = name == "ticket.waiting"       ? &made.waiting
                     : name == "ticket.target_left" ? &made.target_left
                                                    : nullptr;
        if (into == nullptr) continue;
        const auto points = turning_points(test->wanted, into == &made.waiting);
        into->insert(into->end(), points.begin(), points.end());
    }
    for (const auto* test : demands_of(escalation.when)) note_demand(*test, catalog[test->fact].name, made);
    sort_once(made.waiting);
    sort_once(made.target_left);
    return made;
}

bool holds(const escalation_definition& escalation, const compiled_rules& rules, const decision_input& input,
           const ticket_facts& about) {
    return holds(escalation.when, rules, input, about);
}

bool holds(const conditions::condition& when, const compiled_rules& rules, const decision_input& input,
           const ticket_facts& about) {
    decider asked(rules, input);
    auto& facts = asked.facts();
    fact_giver given(facts, rules.catalog);
    given.give_text("ticket.queue", about.queue);
    given.give_text("ticket.priority", about.priority);
    given.give("ticket.waiting", about.waiting);
    given.give("ticket.target_left", about.target_left);
    given.give("ticket.transfers", conditions::fact_view(about.transfers));
    given.give_text(disposition_fact, about.disposition);
    if (!about.placed) asked.place_customer();
    for (const auto& each : about.segments) given.give_text("segment." + each.dimension, each.segment);
    given.give_text("stage", about.stage);
    return conditions::holds(when, facts);
}

}  // namespace kindred::rules
