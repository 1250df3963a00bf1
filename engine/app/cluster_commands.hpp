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

struct migrate_arguments {
    std::string from;  ///< sqlite:FILE or redis:CONFIG
    std::string to;    ///< the other of these
};

/// Moves a site from a file into Redis or back, with its attachments; what it came from stays. 1 where the
/// configuration has problems, 2 for arguments that name no such pair, 3 when it could not be moved.
int run_migrate(const migrate_arguments& given, std::ostream& out, std::ostream& err);

void add_cluster_commands(const command& program);

}  // namespace kindred::app
