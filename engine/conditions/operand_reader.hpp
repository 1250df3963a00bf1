#pragma once
#include "engine/conditions/operators.hpp"
#include "engine/conditions/parse.hpp"

#include <optional>

namespace kindred::conditions {

/// Which operand is being read: of this operator on this fact.
struct operand_place {
    const parse_context& context;
    fact_id fact;
    operator_kind op;
    std::string_view fact_name;
};

/// The operand that `value` states, constants interned. Nothing when it does not fit; the problem is then reported.
std::optional<operand> read_operand(const operand_place& place, const settings::field& value);

}  // namespace kindred::conditions
