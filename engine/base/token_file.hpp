#pragma once
#include "engine/base/error.hpp"

#include <string>

namespace kindred {

/// The access token in a file that somebody else keeps fresh; read at each use, blanks around it taken away.
/// errc::unauthorized: the file cannot be read, is empty, or holds what is no token (RFC 6750 section 2.1).
result<std::string> read_token(const std::string& file);

}  // namespace kindred
