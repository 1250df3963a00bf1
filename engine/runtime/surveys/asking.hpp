#pragma once
#include "engine/runtime/step.hpp"
#include "engine/runtime/surveys/asked_survey.hpp"

namespace kindred::runtime {

/// The ticket was resolved by somebody: where a survey of the rules is for it, its customer is asked, once for each
/// ticket. Why nobody was asked although a survey is for it stands in the history.
void ask_how_it_went(step& in, ticket& about, const std::string& disposition);

/// In a conversation: asks the next question that a number answers, or thanks, and says where there is more to be told.
void go_on_asking(step& in, ticket& about, asked_survey& survey);

}  // namespace kindred::runtime
