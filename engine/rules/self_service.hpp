#pragma once
#include "engine/rules/ruleset.hpp"

#include <optional>
#include <string_view>

/// Whom an article may answer before an agent does, and with what; what the rules say of it is
/// compiled_rules::self_service.
namespace kindred::rules {

/// Whether articles leave whoever was decided so to people: the admin excludes a segment of theirs, their stage, or
/// whatever a condition asks.
bool is_left_to_people(const ruleset& rules, const decision_input& input, const decision& made);

/// The article of this id as it is sent to this customer: one that is for them, in the language of the contact (of the
/// customer or the site, where that is not known). None: it would not be understood, or is not meant for them.
std::optional<text_body> fitting_article(const ruleset& rules, std::string_view id, const decision_input& input);

}  // namespace kindred::rules
