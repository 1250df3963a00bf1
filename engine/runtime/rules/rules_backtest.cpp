#include "engine/runtime/rules/rules_backtest.hpp"

#include "engine/routing/plan.hpp"
#include "engine/rules/compiled_rules.hpp"
#include "engine/runtime/self_service/surest_article.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr duration usual_handling = std::chrono::minutes{4};

std::vector<dispatch::upsert_agent> agents_of(const std::vector<person>& people) {
    std::vector<dispatch::upsert_agent> agents;
    for (auto someone : people) {
        // People from a file have no ids yet.
        if (!someone.id) someone.id = agent_id{agents.size() + 1};
        agents.push_back(to_command(someone));
    }
    return agents;
}

}  // namespace

backtest_run::side::side(const rules::ruleset& of) {
    const auto& wanted = of.compiled().self_service;
    if (!wanted.confidence) return;
    articles = std::make_unique<const understanding::sure_articles>(of.compiled().library);
    counts.looked_for = true;
    counts.hold = wanted.hold;
}

void backtest_run::side::add(const rules::ruleset& of, const rules::given_situation& situation,
                             const rules::decision& decided) {
    if (articles == nullptr) return;
    const auto& about = situation.about;
    const auto text = about.subject.empty() ? about.text : about.subject + '\n' + about.text;
    auto language = about.language.empty() ? situation.who.language : about.language;
    if (language.empty()) language = of.site().default_language;
    const rules::fixed_board board(situation.queues);
    const auto near = near_enough(*articles, of, about.kind, text, language);
    if (surest_of(near, of, situation.input(board), decided)) ++counts.answered;
}

backtest_run::backtest_run(const rules::ruleset& before, const rules::ruleset& after)
    : before_(before), after_(after), articles_before_(before), articles_after_(after) {}

void backtest_run::add(const rules::recorded_contact& contact) {
    const auto decided = rules::decide_twice(before_, after_, contact);
    decisions_.add(decided);
    articles_before_.add(before_, contact.before, decided.before);
    articles_after_.add(after_, contact.after, decided.after);
    arrival made;
    made.handling_known = contact.handling.has_value();
    made.before = {contact.before.now, contact.before.about.kind, routing::to_plan(decided.before),
                   contact.handling.value_or(duration{0})};
    made.after = made.before;
    made.after.plan = routing::to_plan(decided.after);
    arrivals_.push_back(std::move(made));
}

void backtest_run::assume_handlings() {
    std::map<channel_kind, std::pair<duration, std::int64_t>> sums;
    for (const auto& each : arrivals_) {
        if (!each.handling_known) continue;
        sums[each.before.kind].first += each.before.handling;
        ++sums[each.before.kind].second;
    }
    for (auto& each : arrivals_) {
        if (each.handling_known) continue;
        const auto known = sums.find(each.before.kind);
        each.before.handling = known == sums.end() ? usual_handling : known->second.first / known->second.second;
        each.after.handling = each.before.handling;
    }
}

backtest_report backtest_run::finish(const std::vector<person>& people) {
    backtest_report report;
    report.before = before_.hash();
    report.after = after_.hash();
    report.decisions = decisions_;
    report.articles_before = articles_before_.counts;
    report.articles_after = articles_after_.counts;
    report.handlings_recorded = static_cast<std::size_t>(
        std::count_if(arrivals_.begin(), arrivals_.end(), [](const auto& each) { return each.handling_known; }));
    if (people.empty()) return report;
    assume_handlings();
    std::stable_sort(arrivals_.begin(), arrivals_.end(),
                     [](const auto& left, const auto& right) { return left.before.at < right.before.at; });
    std::vector<simulated_arrival> was;
    std::vector<simulated_arrival> is;
    for (auto& each : arrivals_) {
        was.push_back(std::move(each.before));
        is.push_back(std::move(each.after));
    }
    const auto agents = agents_of(people);
    report.waits_before = simulate_waiting(before_, agents, was);
    report.waits_after = simulate_waiting(after_, agents, is);
    return report;
}

}  // namespace kindred::runtime
