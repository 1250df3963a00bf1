#pragma once
#include "engine/rules/ruleset.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kindred::rules {

/// What agents do often, in one go: words for the reply and the note, and what becomes of the ticket then.
struct macro {
    std::string name;
    std::string reply;  ///< words with their variables filled in; empty: none
    std::string note;   ///< the same, for colleagues
    std::string queue;  ///< where the ticket is handed on to; empty: it stays
    std::optional<duration> snooze;
    std::optional<std::string> disposition;  ///< it is resolved with this outcome; may be empty where rules name none
};

/// The macros that fit, in the order of the files.
std::vector<macro> macros_for(const ruleset& rules, const decision_input& input);

}  // namespace kindred::rules
