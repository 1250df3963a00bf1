#include "engine/routing/plan.hpp"

#include "engine/base/json.hpp"
#include "engine/rules/compiled_rules.hpp"

namespace kindred::routing {
namespace {

dispatch::serving_order to_order(rules::queue_order order) {
    switch (order) {
        case rules::queue_order::aged: return dispatch::serving_order::aged;
        case rules::queue_order::strict: return dispatch::serving_order::strict;
        case rules::queue_order::deadline: return dispatch::serving_order::deadline;
    }
    return dispatch::serving_order::aged;
}

dispatch::agent_choice to_choice(rules::agent_choice choice) {
    switch (choice) {
        case rules::agent_choice::longest_idle: return dispatch::agent_choice::longest_idle;
        case rules::agent_choice::least_loaded: return dispatch::agent_choice::least_loaded;
        case rules::agent_choice::round_robin: return dispatch::agent_choice::round_robin;
        case rules::agent_choice::best_skilled: return dispatch::agent_choice::best_skilled;
    }
    return dispatch::agent_choice::longest_idle;
}

dispatch::closed_handling to_handling(const rules::when_closed_settings& closed) {
    if (!closed.overflow.empty()) return dispatch::closed_handling::overflow;
    if (!closed.hold) return dispatch::closed_handling::refuse;
    return closed.call_back ? dispatch::closed_handling::call_back : dispatch::closed_handling::hold;
}

std::vector<dispatch::kind_rule> to_kind_rules(const std::map<channel_kind, std::vector<channel_kind>>& given) {
    std::vector<dispatch::kind_rule> rules;
    for (const auto& [kind, others] : given) rules.push_back({kind, others});
    return rules;
}

dispatch::queue_settings to_settings(const rules::queue_settings& given) {
    dispatch::queue_settings made;
    made.name = given.name;
    made.order = to_order(given.order);
    made.choose = to_choice(given.choose);
    made.offer = {static_cast<std::uint32_t>(given.offer.to), given.offer.expires, given.offer.after_decline};
    if (given.prefer) {
        const bool owner = given.prefer->of == rules::agent_preference::whom::owner;
        made.prefer = owner ? dispatch::preference::owner : dispatch::preference::last_agent;
        made.prefer_for = given.prefer->lasts;
    }
    made.wrap_up.assign(given.wrap_up.begin(), given.wrap_up.end());
    made.limit = static_cast<std::uint32_t>(given.limit.value_or(0));
    made.overflow = given.overflow;
    made.when_closed = to_handling(given.when_closed);
    made.closed_overflow = given.when_closed.overflow;
    if (given.when_holiday) {
        made.when_holiday = to_handling(*given.when_holiday);
        made.holiday_overflow = given.when_holiday->overflow;
    }
    if (!given.borrow.from.empty()) made.borrow = {given.borrow.from, given.borrow.above, given.borrow.below};
    return made;
}

dispatch::step to_step(const rules::step& given) {
    dispatch::step made;
    for (const auto& each : given.skills)
        made.require.push_back({dispatch::ability_kind::skill, each.skill, static_cast<std::uint8_t>(each.level)});
    if (given.language)
        made.require.push_back({dispatch::ability_kind::language, given.language->language,
                                static_cast<std::uint8_t>(given.language->level)});
    made.lasts = given.lasts;
    made.skip_if_nobody = given.skip_if_nobody;
    return made;
}

void write_text(json::writer& out, const rules::chosen_text& text) {
    out.begin_object().member("id", text.id).member("language", text.language).end_object();
}

}  // namespace

dispatch::configure to_command(const rules::ruleset& rules) {
    dispatch::configure told;
    for (const auto& queue : rules.queues()) told.queues.push_back(to_settings(queue));
    const auto& work = rules.compiled().work;
    told.not_responding_for = work.not_responding_for.value_or(duration{0});
    told.pauses = to_kind_rules(work.pauses);
    told.interrupts = to_kind_rules(work.interrupts);
    return told;
}

dispatch::ticket_plan to_plan(const rules::decision& made) {
    dispatch::ticket_plan plan;
    plan.queue = made.queue;
    plan.head_start = made.head_start;
    for (const auto& each : made.steps) plan.steps.push_back(to_step(each));
    plan.first_response = made.first_response;
    plan.next_response = made.next_response;
    plan.resolution = made.resolution;
    return plan;
}

std::string decision_summary(const rules::decision& made) {
    json::writer out;
    out.begin_object().member("route", made.route).member("priority", made.priority).member_if("stage", made.stage);
    out.key("segments").begin_object();
    for (const auto& each : made.segments) out.member(each.dimension, each.segment);
    out.end_object();
    if (made.script) {
        out.key("script");
        write_text(out, *made.script);
    }
    if (!made.articles.empty()) {
        out.key("articles").begin_array();
        for (const auto& each : made.articles) write_text(out, each);
        out.end_array();
    }
    return out.end_object().take();
}

}  // namespace kindred::routing
