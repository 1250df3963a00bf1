#include "engine/runtime/self_service/article_choice.hpp"

#include "engine/base/json.hpp"
#include "engine/rules/self_service.hpp"
#include "engine/runtime/people/consents.hpp"
#include "engine/runtime/self_service/article_reader.hpp"
#include "engine/runtime/self_service/sent_article.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

#include <algorithm>
#include <vector>

namespace kindred::runtime {
namespace {

/// What no agent can have: names of skills have no parentheses.
constexpr std::string_view nobodys_skill = "(self-service)";

/// What article_reader found, surest first.
struct found_articles {
    std::vector<understanding::sure_article> articles;
    rules::self_service_settings wanted;
};

found_articles found_in(const channel::record& happened) {
    found_articles made;
    for (const auto& each : happened.details) {
        if (each.name != "self_service") continue;
        const auto parsed = json::document::parse(each.json);
        if (!parsed) continue;
        (*parsed)["articles"].for_each([&](json::value article) {
            made.articles.push_back({std::string(article["id"].text()), article["confidence"].number().value_or(0)});
        });
        made.wanted.confidence = (*parsed)["least"].number();
        made.wanted.hold = duration{(*parsed)["hold_ms"].integer().value_or(0)};
        (*parsed)["exclude"].for_each_member([&](std::string_view dimension, json::value names) {
            auto& excluded = made.wanted.exclude[std::string(dimension)];
            names.for_each([&](json::value name) { excluded.emplace_back(name.text()); });
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
    const auto [articles, wanted] = found_in(happened);
    if (articles.empty() || !wanted.confidence || !happened.answer_automatically) return {};
    if (rules::is_left_to_people(wanted, decided)) return {};
    if (!answers_by_button(via) && on.public_url.empty()) return {};  // nowhere to say that it helped, or did not
    if (!may_be_written_to(on, via, input, context)) return {};
    std::optional<article_choice> best;
    for (const auto& each : articles) {
        if (!best && each.confidence < *wanted.confidence) return {};
        auto article = rules::fitting_article(on.rules, each.id, input);
        if (!article) continue;
        if (best && each.confidence > best->confidence - article_lead) return {};
        if (!best) best = article_choice{std::move(*article), each.confidence, wanted.hold};
    }
    return best;
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
