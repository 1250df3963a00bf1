#pragma once
#include <iosfwd>
#include <string>
#include "engine/app/command_line.hpp"

/// `kindred quarantine` and `kindred events`: what an admin asks of the running engine, through its API.
namespace kindred::app {

struct admin_arguments {
    std::string config;  ///< says where the engine listens
    std::string token;   ///< of an admin; empty: the first of the configuration with that role
    std::string id;
    std::string subscription;
    bool as_json = false;
};

/// One line for each request in quarantine, the latest first; with `as_json` the API's answer. Exit code 0, 1 when the
/// configuration is wrong or has no token, 3 when the engine does not answer or refuses.
int run_quarantine_list(const admin_arguments& given, std::ostream& out, std::ostream& err);
/// The request as it arrived: method and address, headers, an empty line, the body's bytes.
int run_quarantine_show(const admin_arguments& given, std::ostream& out, std::ostream& err);
/// Once more. Exit code 3 also when it still cannot be taken in.
int run_quarantine_retry(const admin_arguments& given, std::ostream& out, std::ostream& err);
int run_quarantine_drop(const admin_arguments& given, std::ostream& out, std::ostream& err);

/// Subscriptions with what waits and what was given up.
int run_events_list(const admin_arguments& given, std::ostream& out, std::ostream& err);
/// One line for each event of a subscription that was given up.
int run_events_dead(const admin_arguments& given, std::ostream& out, std::ostream& err);
/// Delivers them anew: all, or the one with the id that `dead` prints.
int run_events_replay(const admin_arguments& given, std::ostream& out, std::ostream& err);

void add_admin_commands(const command& program);

}  // namespace kindred::app
