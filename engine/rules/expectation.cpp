#include "engine/rules/expectation.hpp"

#include "engine/conditions/evaluate.hpp"
#include "engine/conditions/fact_text.hpp"
#include "engine/conditions/parse.hpp"

namespace kindred::rules {
namespace {

using conditions::fact_type;
using settings::node;
using settings::node_kind;

template <class Things>
std::vector<std::string> names_of(const Things& things) {
    std::vector<std::string> names;
    for (const auto& each : things) names.push_back(each.name);
    return names;
}

/// `articles: [a, b]` expects both, where a list of any other fact expects one of its elements.
node with_every_article(const node& expect) {
    node changed = expect;
    for (auto& each : changed.members) {
        if (each.key != "articles" || each.value.kind != node_kind::list) continue;
        for (auto& article : each.value.items) {
            node wrapped;
            wrapped.kind = node_kind::mapping;
            wrapped.at = article.at;
            wrapped.members.push_back({"articles", article.at, std::move(article)});
            article = std::move(wrapped);
        }
        each.key = "all";
    }
    return changed;
}

}  // namespace

expectation_language::expectation_language(const ruleset& rules)
    : rules_(rules), catalog_(rules.compiled().catalog), words_(rules.compiled().words) {
    const auto& compiled = rules.compiled();
    const auto declare = [&](const char* name, fact_type type, std::vector<std::string> names) {
        catalog_.declare({name, type, std::move(names), conditions::fact_scope::anywhere, false});
    };
    declare("route", fact_type::choice, names_of(compiled.routes));
    declare("queue", fact_type::choice, names_of(compiled.queues));
    declare("priority", fact_type::ordered_choice, names_of(compiled.priorities));
    declare("script", fact_type::choice, compiled.library.ids(knowledge::text_kind::script));
    declare("articles", fact_type::text_list, {});
}

std::vector<conditions::condition> expectation_language::parse(const settings::field& expect) {
    const auto refuses = [](const conditions::fact_definition& fact) -> std::string {
        return fact.scope == conditions::fact_scope::escalation ? fact.name + " is known in escalations only" : "";
    };
    const conditions::parse_context context{catalog_, words_, refuses, next_number_, rules_.compiled().zone};
    std::vector<conditions::condition> expected;
    if (expect.raw() == nullptr) return expected;
    const node changed = with_every_article(*expect.raw());
    auto whole = conditions::parse_condition(
        settings::field(expect.file(), expect.name(), &changed, expect.found(), expect.at()), context);
    auto* group = std::get_if<conditions::condition_group>(&whole.what);
    if (group != nullptr && group->kind == conditions::group_kind::all) return std::move(group->members);
    expected.push_back(std::move(whole));
    return expected;
}

void expectation_language::give_outcome(conditions::fact_table& facts, const decision& made,
                                        const std::vector<std::string>& articles) const {
    const auto give = [&](const std::string& name, conditions::fact_view value) {
        if (const auto fact = catalog_.find(name)) facts.give(*fact, {std::move(value), "rules", std::nullopt});
    };
    for (const auto& each : made.segments) give("segment." + each.dimension, std::string_view(each.segment));
    if (!made.stage.empty()) give("stage", std::string_view(made.stage));
    give("route", std::string_view(made.route));
    give("queue", std::string_view(made.queue));
    give("priority", std::string_view(made.priority));
    give("script", made.script ? conditions::fact_view(std::string_view(made.script->id)) : conditions::fact_view{});
    give("articles", std::span<const std::string>(articles));
}

std::vector<std::string> expectation_language::differences(const std::vector<conditions::condition>& expected,
                                                           const decision_input& input, const decision& made) const {
    const contact_facts source(rules_.compiled(), readers_, input);
    conditions::fact_table facts(catalog_, words_, source, input.now);
    std::vector<std::string> articles;
    for (const auto& each : made.articles) articles.push_back(each.id);
    give_outcome(facts, made, articles);
    std::vector<std::string> all;
    for (const auto& each : expected) {
        const auto* failed = conditions::first_failure(each, facts);
        if (failed == nullptr) continue;
        const auto* test = std::get_if<conditions::fact_test>(&failed->what);
        if (test == nullptr) {
            all.emplace_back("expected one of several conditions, and none holds");
            continue;
        }
        json::writer actual;
        conditions::write_json(actual, facts.read(test->fact).value, catalog_[test->fact].type);
        all.push_back("expected " + test->as_written + "; it is " + actual.take());
    }
    return all;
}

}  // namespace kindred::rules
