#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace kindred::runtime {

/// The journal's form of one command: time in milliseconds, length, encoded command; and the walk back over a record.
void append_journal(std::string& out, time_point at, std::string_view encoded);
/// Calls `each` for every command of a journal record; errc::corrupt when it is not one.
result<void> read_journal(std::string_view bytes,
                          const std::function<result<void>(time_point, std::string_view)>& each);

}  // namespace kindred::runtime
