#pragma once
#include <iosfwd>

namespace kindred::app {

/// The program's version, compiler and connectors. Exit code 0.
int print_version(bool as_json, std::ostream& out);

}  // namespace kindred::app
