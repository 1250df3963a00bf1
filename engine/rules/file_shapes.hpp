#pragma once
#include "engine/rules/sources.hpp"
#include "engine/settings/shape.hpp"

namespace kindred::rules {

/// What a YAML file of this kind may hold. Lives as long as the program; safe from every thread.
const settings::shape& shape_of(file_kind kind);

/// A situation and its parts, as rule tests, `--contact`, `--customer` and requests state them.
const settings::shape& given_shape();
const settings::shape& contact_shape();
const settings::shape& customer_shape();

}  // namespace kindred::rules
