#pragma once
#include "engine/app/command_line.hpp"

#include <iosfwd>
#include <string>

namespace kindred::app {

struct import_arguments {
    std::string file;  ///< "-": standard input
    std::string config;
    std::string token;
    std::string format;   ///< csv or ndjson; empty: by the file's name
    std::string rejects;  ///< empty: FILE.rejects.ndjson
    bool again = false;   ///< from the beginning, wherever an earlier try ended
    bool as_json = false;
    std::string progress = "auto";
};

/// Sends customers to the running engine. 0: all rows are in; 1: some were rejected, or nothing was taken because of
/// the header; 2: wrong use; 3: could not go on; the same command then goes on where it ended.
int run_import(const import_arguments& given, std::istream& in, std::ostream& out, std::ostream& err);

void add_import_command(const command& program);

}  // namespace kindred::app
