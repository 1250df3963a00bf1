#pragma once
#include <iosfwd>
#include <string>
#include "engine/app/command_line.hpp"

namespace kindred::app {

struct segments_arguments {
    std::string store;
    std::string from;   ///< RFC 3339; empty: 90 days before `until`
    std::string until;  ///< empty: now
    std::string format = "table";
    bool as_json = false;         ///< whatever `format` says
    bool propose = false;         ///< groups that would be real, instead
    std::string rules = "rules";  ///< of `propose`
};

/// Whether the groups that the rules make of customers are real, from a store that may be in use. 2 for a time or a
/// format that cannot be read, 3 when the store cannot be.
int run_segments(const segments_arguments& given, std::ostream& out, std::ostream& err);

void add_segments_command(const command& program);

}  // namespace kindred::app
