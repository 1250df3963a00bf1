// What nearly every file of the rules and their conditions includes besides.
#include "base.hpp"

#include "engine/rules/compiled_rules.hpp"
