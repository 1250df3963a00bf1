#include "engine/base/error.hpp"

#include <stdexcept>

namespace kindred {

const char* name_of(errc code) {
    switch (code) {
        case errc::invalid: return "invalid";
        case errc::not_found: return "not_found";
        case errc::conflict: return "conflict";
        case errc::unauthorized: return "unauthorized";
        case errc::forbidden: return "forbidden";
        case errc::too_large: return "too_large";
        case errc::overloaded: return "overloaded";
        case errc::unavailable: return "unavailable";
        case errc::timed_out: return "timed_out";
        case errc::unknown: return "unknown";
        case errc::fenced: return "fenced";
        case errc::corrupt: return "corrupt";
        case errc::io: return "io";
    }
    return "unnamed";
}

void throw_exception_from_error(const error& failed, const boost::source_location& where) {
    throw std::logic_error(std::string(name_of(failed.code)) + ": " + failed.message + " (value read at " +
                           where.file_name() + ":" + std::to_string(where.line()) + ")");
}

}  // namespace kindred
