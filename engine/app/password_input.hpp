#pragma once
#include "engine/base/error.hpp"

#include <iosfwd>
#include <string>

namespace kindred::app {

/// A new password from a file descriptor: from a terminal asked for twice and not shown, else its first line.
/// errc::invalid when there is none, it is no UTF-8 or more than a password can be, or the two differ.
/// A signal that comes meanwhile has its usual effect, after the terminal shows again what is typed.
result<std::string> read_new_password(int from, std::ostream& prompts);

}  // namespace kindred::app
