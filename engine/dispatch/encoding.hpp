#pragma once
#include "engine/base/error.hpp"
#include "engine/dispatch/commands.hpp"
#include "engine/dispatch/events.hpp"

#include <string>
#include <string_view>

/// The compact binary form in which commands and events are journalled: a tag, then the fields in order; integers as
/// LEB128 (signed ones zigzag), texts with their length. Names, never interned numbers.
namespace kindred::dispatch {

void append_encoded(std::string& out, const command& told);
void append_encoded(std::string& out, const event& happened);
std::string encode(const command& told);
std::string encode(const event& happened);

/// errc::corrupt where the bytes are not exactly one encoded value.
result<command> decode_command(std::string_view bytes);
result<event> decode_event(std::string_view bytes);

}  // namespace kindred::dispatch
