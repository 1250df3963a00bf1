#include "engine/runtime/self_service/article_choice.hpp"

#include "engine/base/json.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/runtime/people/consents.hpp"
#include "engine/runtime/self_service/surest_article.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

#include <vector>

namespace kindred::runtime {
namespace {

/// What no agent can have: names of skills have no parentheses.
constexpr std::string_view nobodys_skill = "(self-service)";

/// What article_reader found under these rules, nearest first.
std::vector<understanding::near_article> found_in(const channel::record& happened, const std::string& ruleset) {
    std::vector<understanding::near_article> made;
    for (const auto& each : happened.details) {
        if (each.name != "self_service") continue;
        const auto parsed = json::document::parse(each.json);
        if (!parsed || (*parsed)["ruleset"].text() != ruleset) continue;
        (*parsed)["articles"].for_each([&](json::value article) {
            made.push_back({std::string(article["id"].text()), article["nearness"].number().value_or(0)});
        });
    }
    return made;
}

bool may_be_written_to(const world& on, const channel_entry& via, const rules::decision_input& input,
                       const std::string& context) {
    ticket about;
    about.customer = input.who.id;
    about.channel = via.name;
    about.context = context;
    return may_answer_automatically(context) && !why_not_to_write(on, about, true, input.now);
}

}  // namespace

std::optional<article_choice> choose_article(const world& on, const channel_entry& via, const channel::record& happened,
                                             const rules::decision_input& input, const rules::decision& decided,
                                             const std::string& context) {
    const auto articles = found_in(happened, on.rules.hash());
    const auto& wanted = on.rules.compiled().self_service;
    if (articles.empty() || !wanted.confidence || !happened.answer_automatically) return {};
    const auto way = answer_way_in(via);
    // Somebody has to be able to say that it helped, or did not.
    if (!way || (*way == answer_way::link && on.public_url.empty())) return {};
    if (!may_be_written_to(on, via, input, context)) return {};
    auto best = surest_of(articles, on.rules, input, decided);
    if (!best) return {};
    return article_choice{std::move(best->article), best->confidence, *way, wanted.hold};
}

dispatch::ticket_plan held_back(dispatch::ticket_plan plan, duration hold) {
    if (hold <= duration{0}) return plan;
    dispatch::step nobodys;
    nobodys.require.push_back({dispatch::ability_kind::skill, std::string(nobodys_skill), 1});
    nobodys.lasts = hold;
    if (plan.steps.empty()) plan.steps.emplace_back();
    plan.steps.insert(plan.steps.begin(), std::move(nobodys));
    return plan;
}

}  // namespace kindred::runtime
