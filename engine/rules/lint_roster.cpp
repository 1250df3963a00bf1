#include "engine/rules/lint_parts.hpp"

#include <algorithm>

namespace kindred::rules {
namespace {

constexpr int level_of_listed_language = 10;

bool serves(const roster_agent& agent, const std::string& queue) {
    return std::find(agent.queues.begin(), agent.queues.end(), queue) != agent.queues.end();
}

bool has_level(const std::map<std::string, int>& levels, const std::string& name, int least) {
    const auto found = levels.find(name);
    return found != levels.end() && found->second >= least;
}

bool has_skills(const roster_agent& agent, const step& asks) {
    return std::all_of(asks.skills.begin(), asks.skills.end(),
                       [&](const auto& wanted) { return has_level(agent.skills, wanted.skill, wanted.level); });
}

/// What is asked that none of these agents has; empty when somebody meets it.
std::string unmet(const std::vector<const roster_agent*>& agents, const step_definition& step,
                  const std::vector<std::string>& languages) {
    std::vector<const roster_agent*> able;
    for (const auto* each : agents)
        if (has_skills(*each, step.asks)) able.push_back(each);
    if (able.empty()) return "the skills of this step";
    std::string missing;
    for (const auto& language : languages) {
        if (!step.language_level) break;
        const bool spoken = std::any_of(able.begin(), able.end(), [&](const auto* each) {
            return has_level(each->languages, language, *step.language_level);
        });
        if (!spoken) missing += (missing.empty() ? "the language " : ", ") + language;
    }
    return missing;
}

std::map<std::string, int> read_levels(const settings::field& given) {
    std::map<std::string, int> levels;
    if (given.is_list()) {
        for (auto& name : given.texts()) levels[name] = level_of_listed_language;
        return levels;
    }
    for (const auto& each : given.entries())
        if (const auto level = each.value.integer(1, 10)) levels[std::string(each.key)] = static_cast<int>(*level);
    return levels;
}

}  // namespace

void lint_roster(const compiled_rules& rules, const std::vector<roster_agent>& roster, std::string_view shown_folder,
                 settings::problems& found) {
    const std::string queues_file = (shown_folder.empty() ? "" : std::string(shown_folder) + '/') + "queues.yaml";
    for (const auto& queue : rules.queues) {
        std::vector<const roster_agent*> agents;
        for (const auto& each : roster)
            if (serves(each, queue.name)) agents.push_back(&each);
        if (agents.empty()) {
            found.warning(queues_file, {}, "nobody serves the queue \"" + queue.name + '"');
            continue;
        }
        for (const auto& route : rules.routes) {
            if (route.queue != queue.name) continue;
            for (const auto& step : route.steps)
                if (const auto missing = unmet(agents, step, rules.site.languages); !missing.empty())
                    found.warning(route.place.file, step.at.line > 0 ? step.at : route.place.at,
                                  "nobody in the queue \"" + queue.name + "\" has " + missing);
        }
    }
}

std::vector<roster_agent> read_roster(std::string_view file, std::string_view bytes, settings::problems& found) {
    std::vector<roster_agent> roster;
    const auto root = settings::parse_yaml(file, bytes, found);
    if (!root) return roster;
    auto top = settings::field(file, "", &*root, found, {1, 1}).as_section();
    for (const auto& each : top.require("people").list()) {
        auto in = each.as_section();
        roster_agent made;
        in.read("login", made.name);
        if (made.name.empty()) in.read("name", made.name);
        in.read("queues", made.queues);
        made.skills = read_levels(in.at("skills"));
        made.languages = read_levels(in.at("languages"));
        roster.push_back(std::move(made));
    }
    return roster;
}

}  // namespace kindred::rules
