#pragma once
#include <filesystem>
#include <iosfwd>

namespace kindred::app {

/// Runs a process of `kindred serve` for every site in a folder (SITE/kindred.yaml), and again when one ends. SIGHUP:
/// each reads its rules again, and what has come to the folder or left it is begun or ended. SIGTERM, SIGINT: all
/// drain. They end as well when this process is killed. 0: all ended well; 1: there is nothing to run; 3: some did not.
int run_serve_sites(const std::filesystem::path& folder, std::ostream& err);

}  // namespace kindred::app
