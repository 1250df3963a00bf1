#pragma once
#include "engine/app/command_line.hpp"

#include <iosfwd>
#include <string>

namespace kindred::app {

struct cluster_arguments {
    std::string config;
    bool as_json = false;
};

/// Who leads the site in Redis that a configuration names, and who follows how far behind. 1 where the configuration
/// has problems or nobody leads, 3 when Redis cannot be asked.
int run_cluster_status(const cluster_arguments& given, std::ostream& out, std::ostream& err);

void add_cluster_commands(const command& program);

}  // namespace kindred::app
