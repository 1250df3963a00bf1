#pragma once
#include "engine/conditions/operators.hpp"
#include "engine/conditions/parse.hpp"
#include "engine/settings/shape.hpp"

#include <optional>

namespace kindred::conditions {

constexpr double largest_number = 9e15;  ///< every whole number up to here is exact in a double

/// Which operand is being read: of this operator on this fact.
struct operand_place {
    const parse_context& context;
    fact_id fact;
    operator_kind op;
    std::string_view fact_name;
};

/// The operand that `value` states, constants interned. Nothing when it does not fit; the problem is then reported.
std::optional<operand> read_operand(const operand_place& place, const settings::field& value);

/// What may stand beside a fact in a condition: a value, a list of values, or operators. read_operand() takes what
/// fits, as far as a shape can say.
settings::shape asked_shape(const fact_definition& fact);
/// The same for a fact whose type only the ruleset knows.
settings::shape asked_shape_of_any_type();

}  // namespace kindred::conditions
