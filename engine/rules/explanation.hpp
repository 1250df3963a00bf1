#pragma once
#include "engine/rules/ruleset.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kindred::rules {

/// A condition that was looked at: whether it held, else what failed and what the fact really was.
struct tried_condition {
    std::string name;  ///< of the segment, stage, route, script
    bool held = false;
    std::string held_by;  ///< the condition that held, as written; empty where nothing is asked
    std::string failed;   ///< as written: "customer.orders: { at_least: 1 }"
    std::string fact;     ///< the fact that it asked for; empty where a whole group failed
    std::string actual;   ///< JSON of the fact's value; empty where a whole group failed
    settings::position at;
    std::string file;
    std::string note;  ///< "outside the share of 20%", "pinned by ann until ..."
};

struct explained_dimension {
    std::string dimension;
    std::string chosen;
    bool pinned = false;
    std::vector<tried_condition> tried;
};

struct explanation {
    decision made;
    std::vector<explained_dimension> segments;
    explained_dimension stage;
    std::vector<tried_condition> routes;   ///< up to and including the one that decided
    std::vector<tried_condition> scripts;  ///< by fit: the winner first, then runners-up, then what did not fit
    std::vector<tried_condition> articles;
};

/// The decision and how it came about. Runs the code that decides.
explanation explain(const ruleset& rules, const decision_input& input);
std::string to_json(const explanation& why);
std::string to_text(const explanation& why);

}  // namespace kindred::rules
