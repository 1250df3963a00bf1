#pragma once
#include "engine/conditions/calendar.hpp"
#include "engine/conditions/condition.hpp"
#include "engine/conditions/vocabulary.hpp"
#include "engine/settings/reader.hpp"

#include <functional>

namespace kindred::conditions {

/// What a `when` may speak of while it is parsed.
struct parse_context {
    fact_catalog& catalog;
    vocabulary& words;
    /// Whether this condition may ask for the fact; the answer is the reason why not, empty when it may.
    std::function<std::string(const fact_definition&)> refuses;
    std::uint32_t& next_number;  ///< conditions of a ruleset are numbered as they are parsed
    const time_zone& zone;       ///< where the midnight of a bare date is
    /// Whether an unknown fact may only be unknown because of a problem that is reported elsewhere; then it is passed
    /// over.
    std::function<bool(std::string_view fact)> may_exist{};
};

/// The condition that a `when` mapping states; problems go where the field's go, and what has a problem is left out. An
/// absent field asks nothing.
condition parse_condition(const settings::field& when, const parse_context& context);

}  // namespace kindred::conditions
