#pragma once
#include "engine/base/error.hpp"
#include "engine/base/json.hpp"
#include "engine/conditions/fact.hpp"
#include "engine/settings/reader.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kindred::rules {

/// What something says of a customer: where they live, what they do, who they are, what they care for.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 4> customer_kinds{
    {{"geographic", "geographic"},
     {"behavioral", "behavioral"},
     {"demographic", "demographic"},
     {"psychographic", "psychographic"}}};

/// One attribute that profile.yaml declares.
struct attribute_definition {
    std::string name;
    std::string kind;  ///< of customer_kinds; empty where none is stated
    conditions::fact_type type = conditions::fact_type::text;
    fact_value fallback;  ///< the `default`; unknown where there is none
    bool unsure = false;  ///< its type could not be read; the ruleset will not load
};

/// The attributes of a customer or a contact, in the file's order.
struct attribute_schema {
    std::vector<attribute_definition> attributes;

    const attribute_definition* find(std::string_view name) const;
    std::vector<std::string> names() const;
    /// The defaults that are stated, with source "default".
    kindred::attributes defaults() const;
};

/// A value of this type from what YAML states; problems are reported there.
std::optional<fact_value> read_attribute(const settings::field& given, conditions::fact_type type);

/// A value of this type from JSON; errc::invalid says what it must be. JSON null is the unknown value.
result<fact_value> attribute_from_json(std::string_view name, conditions::fact_type type, json::value given);

/// Whether a stored value can stand for an attribute of this type, whatever profile.yaml said when it was stored.
bool fits(const fact_value& value, conditions::fact_type type);

}  // namespace kindred::rules
