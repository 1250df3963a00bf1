#pragma once
#include "engine/base/text.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace kindred::app {

struct report_arguments {
    std::string name;
    std::string store;               ///< an engine's store, which may be in use
    std::vector<form_field> fields;  ///< from, until, by, every, zone, within, format: as the API has them
};

/// `kindred report`: what GET /api/v1/reports/{name} answers, from a store. 0 when there are figures, 2 for a question
/// that cannot be answered, 3 when the store cannot be read.
int run_report(const report_arguments& given, std::ostream& out, std::ostream& err);

/// Adds the subcommand; when it is chosen, `exit_code` becomes its answer.
void add_report_command(CLI::App& program, int& exit_code);

}  // namespace kindred::app
