#include "engine/rules/lint_parts.hpp"

#include <algorithm>

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

/// The kinds of customer without a text on one channel in one language, in words.
class gap_finder {
public:
    gap_finder(const compiled_rules& rules, const std::vector<axis>& axes, knowledge::text_kind wanted)
        : rules_(rules), axes_(axes), wanted_(wanted) {}

    /// "stage onboarding, segment.value vip"; where an axis makes no difference it is left out. One empty text: nobody
    /// has any.
    std::vector<std::string> gaps(channel_kind channel, const std::string& language) const {
        std::vector<std::string_view> chosen;
        return gaps_below(channel, language, chosen);
    }

private:
    std::vector<std::string> gaps_below(channel_kind channel, const std::string& language,
                                        std::vector<std::string_view>& chosen) const {
        if (chosen.size() == axes_.size())
            return has_text(channel, language, chosen) ? std::vector<std::string>{} : std::vector<std::string>{""};
        const auto& here = axes_[chosen.size()];
        std::vector<std::vector<std::string>> by_value;
        for (const auto& value : here.values) {
            chosen.push_back(value);
            by_value.push_back(gaps_below(channel, language, chosen));
            chosen.pop_back();
        }
        const bool same =
            std::all_of(by_value.begin(), by_value.end(), [&](const auto& each) { return each == by_value.front(); });
        if (same && !by_value.empty()) return by_value.front();
        std::vector<std::string> all;
        for (std::size_t i = 0; i < by_value.size(); ++i)
            for (const auto& each : by_value[i])
                all.push_back(here.fact + " " + here.values[i] + (each.empty() ? "" : ", ") + each);
        return all;
    }

    bool has_text(channel_kind channel, const std::string& language,
                  const std::vector<std::string_view>& chosen) const {
        conditions::fact_table facts(rules_.catalog, rules_.words, nothing_, {});
        give(facts, "channel.kind", kindred::name_of(channel));
        give(facts, "contact.language", language);
        for (std::size_t i = 0; i < axes_.size(); ++i) give(facts, axes_[i].fact, chosen[i]);
        const std::vector<std::string> languages{language};
        if (wanted_ == knowledge::text_kind::script) return rules_.library.best_script(facts, languages).has_value();
        return !rules_.library.fitting(wanted_, facts, languages, 1).empty();
    }

    void give(conditions::fact_table& facts, std::string_view name, std::string_view value) const {
        if (const auto fact = rules_.catalog.find(name)) facts.give(*fact, {value, {}, std::nullopt});
    }

    const compiled_rules& rules_;
    const std::vector<axis>& axes_;
    knowledge::text_kind wanted_;
    unknown_facts nothing_;
};

void lint_texts(knowledge::text_kind kind, const std::string& folder, const compiled_rules& rules,
                settings::problems& found) {
    if (rules.library.ids(kind).empty()) return;
    const std::string name(knowledge::name_of(kind));
    const auto axes = axes_of(rules);
    if (count_kinds(axes) > most_kinds) {
        found.warning(folder, {}, "there are too many kinds of customer to look for those without " + name);
        return;
    }
    const gap_finder finder(rules, axes, kind);
    for (const auto channel : all_channel_kinds)
        for (const auto& language : rules.site.languages)
            for (const auto& gap : finder.gaps(channel, language)) {
                const std::string where = std::string(kindred::name_of(channel)) + " in " + language;
                const std::string whom = !gap.empty()   ? ", " + gap
                                         : axes.empty() ? ""
                                                        : ", whatever the segment and stage";
                found.warning(folder, {}, "no " + name + " for " + where + whom);
            }
}

}  // namespace

void lint_scripts(const compiled_rules& rules, std::string_view shown_folder, settings::problems& found) {
    const std::string above = shown_folder.empty() ? "" : std::string(shown_folder) + '/';
    lint_texts(knowledge::text_kind::script, above + "scripts", rules, found);
    lint_texts(knowledge::text_kind::article, above + "faq", rules, found);
}

}  // namespace kindred::rules
