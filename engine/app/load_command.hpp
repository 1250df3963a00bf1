#pragma once
#include <iosfwd>
#include <string>

namespace kindred::app {

struct load_arguments {
    std::string target;
    double rate = 0;     ///< requests a second
    double seconds = 0;  ///< how long
    unsigned connections = 64;
    unsigned customers = 20'000;
    std::string secret = "demo-whatsapp-app-secret";  ///< that of config/demo.yaml
    double timeout = 10;                              ///< seconds
    bool as_json = false;
};

/// Signed provider traffic at a steady rate, in open loop, and what became of it. Exit code 0 when every request was
/// answered with a 2xx, 1 when not, 2 for wrong use, 3 when it cannot connect.
int run_load(const load_arguments& given, std::ostream& out, std::ostream& err);

}  // namespace kindred::app
