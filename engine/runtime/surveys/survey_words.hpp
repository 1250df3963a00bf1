#pragma once
#include "engine/rules/question_kind.hpp"

#include <string>
#include <string_view>

namespace kindred::runtime {

/// What surveys say beside what the rules have texts for. {low}, {high} and {link} are filled in by whoever says it.
struct survey_words {
    std::string_view language;
    std::string_view title;
    std::string_view invitation;  ///< where the survey has none of its own
    std::string_view reply_with;  ///< "Reply with a number from {low} to {high}."
    std::string_view thanks;
    std::string_view more;  ///< before the link to what is asked in words
    std::string_view optional;
    std::string_view satisfied_low;
    std::string_view satisfied_high;
    std::string_view likely_low;
    std::string_view likely_high;
    std::string_view easy_low;
    std::string_view easy_high;
    // On the page:
    std::string_view used;
    std::string_view expired;
    std::string_view forged;
    std::string_view nothing_said;
};

/// In this language ("es-MX" is Spanish), else in English.
const survey_words& survey_words_in(std::string_view language);

/// What the ends of a scale mean.
struct scale_ends {
    std::string_view low;
    std::string_view high;
};
scale_ends ends_of(const survey_words& words, rules::question_kind kind);

/// The text with every `place` ("{low}") replaced.
std::string filled(std::string_view text, std::string_view place, std::string_view value);

}  // namespace kindred::runtime
