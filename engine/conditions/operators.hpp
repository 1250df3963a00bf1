#pragma once
#include "engine/conditions/fact.hpp"

#include <optional>
#include <string_view>

namespace kindred::conditions {

/// The operators of the rule language.
enum class operator_kind {
    is = 1,
    is_not,
    in,
    not_in,
    above,
    at_least,
    below,
    at_most,
    between,
    contains,
    contains_any,
    starts_with,
    ends_with,
    matches,
    known,
    within,
    older_than,
    before,
    after,
};

std::string_view name_of(operator_kind op);
std::optional<operator_kind> operator_named(std::string_view name);
std::vector<std::string> all_operator_names();

/// Whether facts of this type have the operator: the one table of it, docs/rules.md shows it.
bool takes(fact_type type, operator_kind op);
/// "is, not, in, ..." for messages.
std::string operators_of(fact_type type);

}  // namespace kindred::conditions
