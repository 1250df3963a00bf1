#pragma once
#include "engine/app/command_line.hpp"

#include <iosfwd>
#include <string>

namespace kindred::app {

struct manual_arguments {
    std::string store;
    std::string from;   ///< RFC 3339; empty: 90 days before `until`
    std::string until;  ///< empty: now
    std::string format = "json";
    bool gaps = false;  ///< else what became of each text
};

/// What became of scripts and articles, or where one is missing, from a store that may be in use. 2 for a time or a
/// format that cannot be read, 3 when the store cannot be.
int run_manual(const manual_arguments& given, std::ostream& out, std::ostream& err);

void add_manual_commands(const command& program);

}  // namespace kindred::app
