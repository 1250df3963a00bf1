#pragma once
#include "engine/rules/attribute_schema.hpp"

namespace kindred::rules {

/// A value of this type from the text of a cell: numbers in decimal, true/false/yes/no/1/0, durations and times as the
/// rule language has them, lists with ';' between their texts. errc::invalid says what it must be.
result<fact_value> attribute_from_text(std::string_view name, conditions::fact_type type, std::string_view text);

/// A stored value as a profile's owner would state it: dates without a time of day. All else stays as it is.
fact_value as_stated(const fact_value& value, conditions::fact_type type);

/// attribute_from_text() backwards, of what as_stated() gave.
std::string attribute_to_text(const fact_value& value);

}  // namespace kindred::rules
