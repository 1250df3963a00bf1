#pragma once
#include "engine/rules/question_kind.hpp"

#include <optional>
#include <string>

namespace kindred::runtime {

/// What somebody said to one question of a survey.
struct survey_answer {
    std::string question;  ///< its name
    rules::question_kind kind = rules::question_kind::text;
    std::optional<int> value;  ///< of csat, nps and ces
    std::string choice;        ///< of a preference with options: the name of one
    std::string text;          ///< in words, at most longest_survey_text bytes

    bool operator==(const survey_answer&) const = default;
};

inline constexpr std::size_t longest_survey_text = 4'000;  // bytes

}  // namespace kindred::runtime
