#include "engine/rules/surveys.hpp"

#include "engine/rules/decider.hpp"

#include <algorithm>
#include <array>

namespace kindred::rules {
namespace {

constexpr std::array<std::string_view, 5> kind_names{"csat", "nps", "ces", "text", "preference"};

double share_of(const survey_definition& survey, const surveyed_ticket& about) {
    for (const auto& each : survey.shares) {
        std::string_view segment = each.dimension == "stage" ? about.stage : std::string_view();
        for (const auto& chosen : about.segments)
            if (chosen.dimension == each.dimension) segment = chosen.segment;
        if (const auto found = each.percent.find(segment); found != each.percent.end()) return found->second;
    }
    return survey.share;
}

bool was_asked_lately(const survey_definition& survey, const surveyed_ticket& about, time_point now) {
    return survey.at_most_every && about.asked_before && now - *about.asked_before < *survey.at_most_every;
}

}  // namespace

std::string_view name_of(question_kind kind) { return kind_names.at(static_cast<std::size_t>(kind) - 1); }

question_kind question_kind_named(std::string_view name) {
    const auto* const found = std::find(kind_names.begin(), kind_names.end(), name);
    return found == kind_names.end() ? question_kind::text : static_cast<question_kind>(found - kind_names.begin() + 1);
}

std::optional<answer_scale> scale_of(question_kind kind, std::size_t options) {
    switch (kind) {
        case question_kind::csat: return answer_scale{1, 5};
        case question_kind::nps: return answer_scale{0, 10};
        case question_kind::ces: return answer_scale{1, 7};
        case question_kind::preference:
            if (options > 0) return answer_scale{1, static_cast<int>(options)};
            break;
        case question_kind::text: break;
    }
    return std::nullopt;
}

bool is_in_sample(const survey_definition& survey, const surveyed_ticket& about) {
    auto hashed = std::to_string(survey.seed);
    (hashed += '\0').append(survey.name);
    (hashed += '\0').append(to_string(about.id));
    return hash_is_in_share(hashed, share_of(survey, about));
}

const survey_definition* survey_for(const compiled_rules& rules, const decision_input& input,
                                    const surveyed_ticket& about) {
    const auto found = std::find_if(rules.surveys.begin(), rules.surveys.end(), [&](const auto& each) {
        return !was_asked_lately(each, about, input.now) && is_in_sample(each, about) &&
               holds(each.when, rules, input, about.facts);
    });
    return found == rules.surveys.end() ? nullptr : &*found;
}

const std::string& said_in(const translations& says, std::string_view language, std::string_view default_language) {
    static const std::string nothing;
    for (const auto wanted : {language, language.substr(0, language.find('-')), std::string_view(), default_language})
        if (const auto found = says.find(wanted); found != says.end()) return found->second;
    return says.empty() ? nothing : says.begin()->second;
}

}  // namespace kindred::rules
