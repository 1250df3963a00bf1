#include "engine/simulation/goal.hpp"

#include "engine/simulation/report_words.hpp"

#include <algorithm>
#include <charconv>

namespace kindred::simulation {
namespace {

bool is_reached(const figures& by, const service_goal& goal) {
    return by.arrived == 0 || std::any_of(by.service_level.begin(), by.service_level.end(), [&](const auto& each) {
               return each.first == goal.within && each.second.mean >= goal.share;
           });
}

bool is_good_enough(const report& told, const service_goal& goal, const std::vector<std::string>& queues) {
    return !told.found.grows && std::all_of(queues.begin(), queues.end(), [&](const std::string& name) {
        const auto found = told.found.queues.find(name);
        return found == told.found.queues.end() || is_reached(found->second, goal);
    });
}

}  // namespace

std::optional<service_goal> parse_goal(std::string_view text) {
    const auto slash = text.find("%/");
    if (slash == std::string_view::npos) return std::nullopt;
    double percent = 0;
    const auto* end = text.data() + slash;
    const auto [read, failed] = std::from_chars(text.data(), end, percent);
    if (failed != std::errc{} || read != end || !(percent > 0 && percent <= 100)) return std::nullopt;
    const auto within = parse_duration(text.substr(slash + 2));
    if (!within || *within <= duration{0}) return std::nullopt;
    return service_goal{percent / 100, *within};
}

goal_answer smallest_that_meets(const std::vector<swept>& runs, const service_goal& goal,
                                std::vector<std::string> queues) {
    goal_answer answer{goal, std::move(queues), std::nullopt};
    const auto first = std::find_if(runs.begin(), runs.end(),
                                    [&](const swept& run) { return is_good_enough(run.told, goal, answer.queues); });
    if (first != runs.end()) answer.smallest = first->agents;
    return answer;
}

std::string to_text(const goal_answer& answer) {
    std::string names;
    for (const auto& name : answer.queues) names += (names.empty() ? "" : ", ") + name;
    const auto what = decimal_text(answer.goal.share * 100, 1) + "% within " + kindred::to_text(answer.goal.within) +
                      " (" + names + ")";
    if (!answer.smallest) return "None of these numbers of agents reaches " + what + ".";
    return "The smallest number of agents that reaches " + what + " is " + std::to_string(*answer.smallest) + ".";
}

}  // namespace kindred::simulation
