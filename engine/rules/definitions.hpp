#pragma once
#include "engine/conditions/condition.hpp"
#include "engine/rules/ruleset.hpp"

#include <map>
#include <string>
#include <vector>

/// A ruleset as named things with named keys, each in one written form: what two rulesets are compared by.
namespace kindred::rules {

struct definition {
    std::string kind;  ///< "route", "queue", "segment", "stage", "calendar", "script", ...
    std::string name;  ///< unique among its kind
    /// What it says; keys that say nothing are left out. Texts that mean the same are the same: the order of conditions
    /// that must all hold, white space and quotes do not count.
    std::map<std::string, std::string> keys;

    bool operator==(const definition&) const = default;
};

/// Everything that the ruleset defines: kind by kind, in the order of the files.
std::vector<definition> definitions_of(const ruleset& rules);

/// A condition in one line, its members in byte order.
std::string written_form(const conditions::condition& asked);

}  // namespace kindred::rules
