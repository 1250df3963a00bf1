#include "engine/rules/lint_parts.hpp"

namespace kindred::rules {
namespace {

constexpr std::size_t most_kinds = 20'000;  // of customers that are gone through

/// Nothing is known but what is given: a script that asks for more cannot be counted on.
class unknown_facts final : public conditions::fact_source {
public:
    conditions::fact_reading read(conditions::fact_id) const override { return {}; }
};

/// One fact and the values that kinds of customer differ in.
struct axis {
    std::string fact;
    std::vector<std::string> values;
};

std::vector<axis> axes_of(const compiled_rules& rules) {
    std::vector<axis> axes;
    for (const auto& each : rules.dimensions) {
        axis made{"segment." + each.name, {}};
        for (const auto& group : each.groups) made.values.push_back(group.name);
        axes.push_back(std::move(made));
    }
    if (rules.stages.empty()) return axes;
    axis stages{"stage", {}};
    for (const auto& each : rules.stages) stages.values.push_back(each.name);
    axes.push_back(std::move(stages));
    return axes;
}

std::size_t count_kinds(const std::vector<axis>& axes) {
    std::size_t count = 1;
    for (const auto& each : axes) count = count > most_kinds ? count : count * each.values.size();
    return count;
}

/// The kinds of customer without a script on one channel in one language, in words.
class gap_finder {
public:
    gap_finder(const compiled_rules& rules, const std::vector<axis>& axes) : rules_(rules), axes_(axes) {}

    std::vector<std::string> gaps(channel_kind channel, const std::string& language) const {
        std::vector<std::string> missing;
        const std::vector<std::string> languages{language};
        for (std::size_t kind = 0; kind < count_kinds(axes_); ++kind) {
            conditions::fact_table facts(rules_.catalog, rules_.words, nothing_, {});
            give(facts, "channel.kind", kindred::name_of(channel));
            give(facts, "contact.language", language);
            std::string name;
            std::size_t rest = kind;
            for (const auto& each : axes_) {
                const auto& value = each.values[rest % each.values.size()];
                rest /= each.values.size();
                give(facts, each.fact, value);
                name += (name.empty() ? "" : ", ") + each.fact + " " + value;
            }
            if (!rules_.library.best_script(facts, languages)) missing.push_back(std::move(name));
        }
        return missing;
    }

private:
    void give(conditions::fact_table& facts, std::string_view name, std::string_view value) const {
        if (const auto fact = rules_.catalog.find(name)) facts.give(*fact, {value, {}, std::nullopt});
    }

    const compiled_rules& rules_;
    const std::vector<axis>& axes_;
    unknown_facts nothing_;
};

}  // namespace

void lint_scripts(const compiled_rules& rules, std::string_view shown_folder, settings::problems& found) {
    if (rules.library.ids(knowledge::text_kind::script).empty()) return;
    const auto axes = axes_of(rules);
    const auto kinds = count_kinds(axes);
    const std::string folder = (shown_folder.empty() ? "" : std::string(shown_folder) + '/') + "scripts";
    if (kinds > most_kinds) {
        found.warning(folder, {}, "there are too many kinds of customer to look for gaps in the scripts");
        return;
    }
    const gap_finder finder(rules, axes);
    for (const auto channel : all_channel_kinds)
        for (const auto& language : rules.site.languages) {
            const auto gaps = finder.gaps(channel, language);
            const std::string where = std::string(kindred::name_of(channel)) + " in " + language;
            if (gaps.size() == kinds) {
                found.warning(folder, {},
                              "no script for " + where + (axes.empty() ? "" : ", whatever the segment and stage"));
                continue;
            }
            for (const auto& gap : gaps) found.warning(folder, {}, "no script for " + where + ", " + gap);
        }
}

}  // namespace kindred::rules
