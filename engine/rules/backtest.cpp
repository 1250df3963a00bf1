#include "engine/rules/backtest.hpp"

#include <algorithm>
#include <tuple>

namespace kindred::rules {
namespace {

decision decide(const ruleset& rules, const given_situation& situation, bool has_customer_id) {
    const fixed_board board(situation.queues);
    auto input = situation.input(board);
    input.shares_out = !has_customer_id;
    return rules.decide(input);
}

std::string name_of(const std::optional<chosen_text>& script) {
    if (!script) return {};
    return script->language.empty() ? script->id : script->id + " (" + script->language + ")";
}

}  // namespace

decided_twice decide_twice(const ruleset& before, const ruleset& after, const recorded_contact& contact) {
    return {decide(before, contact.before, contact.has_customer_id),
            decide(after, contact.after, contact.has_customer_id)};
}

void backtest::add(const decided_twice& decided) {
    ++contacts_;
    const auto& [before, after] = decided;
    if (before.queue != after.queue) ++moved_;
    const auto count = [&](flows& into, std::string from, std::string to) {
        auto& one = into[{from, to}];
        one.from = std::move(from);
        one.to = std::move(to);
        ++one.contacts;
        for (const auto& each : before.segments) ++one.segments[each.dimension][each.segment];
        if (!before.stage.empty()) ++one.stages[before.stage];
    };
    count(queues_, before.queue, after.queue);
    count(routes_, before.route, after.route);
    count(scripts_, name_of(before.script), name_of(after.script));
}

std::vector<flow> backtest::sorted(const flows& all) {
    std::vector<flow> list;
    for (const auto& [ends, each] : all) list.push_back(each);
    std::stable_sort(list.begin(), list.end(), [](const flow& left, const flow& right) {
        return std::tuple(left.from == left.to, right.contacts) < std::tuple(right.from == right.to, left.contacts);
    });
    return list;
}

}  // namespace kindred::rules
