#pragma once
#include <iosfwd>
#include <string>
#include "engine/app/command_line.hpp"

namespace kindred::app {

struct data_arguments {
    std::string store;   ///< file; may be in use
    std::string config;  ///< of the running engine, or naming the store
    std::string token;
    std::string customer;
    std::string reason;
    std::string customers;          ///< csv or ndjson: only profiles, in the form that import takes
    std::string out;                ///< of `customers`: a file, which is gone on with where an earlier try ended
    bool again = false;             ///< of `out`: from the beginning
    std::string progress = "auto";  ///< of `out`: a bar: auto, always, never
    bool as_json = false;
};

/// Everything, or all about one customer, as lines of JSON.
int run_export(const data_arguments& given, std::ostream& out, std::ostream& err);
/// Nothing is kept of a customer any more; through the running engine.
int run_erase(const data_arguments& given, std::ostream& out, std::ostream& err);
/// Exit 1 when the audit log is not what was written.
int run_audit_verify(const data_arguments& given, std::ostream& out, std::ostream& err);
int run_audit_list(const data_arguments& given, std::ostream& out, std::ostream& err);

void add_data_commands(const command& program);

}  // namespace kindred::app
