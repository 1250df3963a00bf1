#pragma once
#include "engine/channel/record.hpp"
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/step.hpp"

#include <optional>
#include <vector>

namespace kindred::runtime {

/// A message that is nothing but a number, in a conversation whose resolved ticket has a question open that the number
/// answers: then it is on record as that and no contact. None: it is a contact like any other.
std::optional<outcome> answer_in_conversation(step& in, const channel_entry& via, const channel::record& happened,
                                              ticket& about);

/// Answers from the survey's page, once. errc::not_found: there is no such survey (any more); errc::timed_out: too
/// late; errc::conflict: the link was used. Then nothing is changed. `waiting`: tickets that may have to be decided
/// again.
result<void> answer_by_link(step& in, ticket& about, customer& person, const profile::survey_answers& given,
                            const std::vector<opening_contact>& waiting);

}  // namespace kindred::runtime
