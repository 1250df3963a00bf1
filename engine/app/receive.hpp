#pragma once
#include <iosfwd>
#include <string>

namespace kindred::app {

struct receive_arguments {
    std::string channel;
    std::string config;
    std::string now;  ///< RFC 3339 or Unix seconds; empty: the present
    std::string url;  ///< the address that the provider called; empty: the public address of the configuration
};

/// A captured request (or mail) through a channel's connector; nothing is stored or sent. Prints what it made of it as
/// JSON. Exit code 0 for a 2xx answer, 1 for any other, 2 for wrong use, 3 when it could not run.
int run_receive(const receive_arguments& given, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace kindred::app
