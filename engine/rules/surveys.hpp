#pragma once
#include "engine/rules/escalations.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Whom to ask what once a ticket is resolved.
namespace kindred::rules {

/// A ticket that was just resolved.
struct surveyed_ticket {
    ticket_id id;
    ticket_facts facts;
    std::vector<chosen_segment> segments;  ///< of its last decision, as is the stage
    std::string stage;
    std::optional<time_point> asked_before;  ///< when its customer was last asked, whatever the survey
};

/// The first survey that is for this ticket: its condition holds, the ticket is in its sample, and the customer was not
/// asked too lately. Pure: the same ticket and seed give the same sample, whenever it is asked for. None: nobody asks.
const survey_definition* survey_for(const compiled_rules& rules, const decision_input& input,
                                    const surveyed_ticket& about);

/// Whether a ticket is in the survey's sample: by SHA-256 over seed, NUL, the survey's name, NUL and the ticket's
/// number, as routes take their shares.
bool is_in_sample(const survey_definition& survey, const surveyed_ticket& about);

/// In this language ("es-MX" is also said in "es"), else in the default one, else in whichever there is.
const std::string& said_in(const translations& says, std::string_view language, std::string_view default_language);

}  // namespace kindred::rules
