#pragma once
#include <iosfwd>
#include <string>

namespace kindred::app {

/// Runs the engine until SIGTERM or SIGINT (drains; a second one ends at once); SIGHUP loads the rules again.
/// Exit code 0 after a drain, 1 when configuration or rules have problems, 3 when it could not run or had to stop.
int run_serve(const std::string& config_file, std::ostream& err);

}  // namespace kindred::app
