#pragma once
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include "engine/app/command_line.hpp"

namespace kindred::app {

struct simulate_arguments {
    std::string folder = "rules";
    std::string traffic;                ///< a traffic file; - reads standard input
    std::optional<std::uint64_t> seed;  ///< in place of the file's
    std::string precision;              ///< "2%"; empty: the file's own time
    std::string sweep;                  ///< "agents=10..30", or the name of a row of the roster for `agents`
    std::string goal;                   ///< of a sweep, "80%/20s"; empty: none
    std::string html;                   ///< where to write a page; empty: nowhere
    bool json = false;
};

/// `kindred simulate`: what customers would wait. Exit codes as all commands of `kindred`: 0 done, 1 the rules or the
/// traffic have a problem, or the wanted precision or goal was not reached, 2 wrong use, 3 could not run.
int run_simulate(const simulate_arguments& given, std::istream& in, std::ostream& out, std::ostream& err);

void add_simulate_command(const command& program);

}  // namespace kindred::app
