#pragma once
#include "engine/app/command_line.hpp"
#include "engine/base/text.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace kindred::app {

struct report_arguments {
    std::string name;
    std::string store;               ///< an engine's store, which may be in use
    std::vector<form_field> fields;  ///< from, until, by, every, zone, within, format: as the API has them
};

/// `kindred report`: what GET /api/v1/reports/{name} answers, from a store. 0 when there are figures, 2 for a question
/// that cannot be answered, 3 when the store cannot be read.
int run_report(const report_arguments& given, std::ostream& out, std::ostream& err);

void add_report_command(const command& program);

}  // namespace kindred::app
