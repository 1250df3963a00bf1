#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/record.hpp"

#include <cstddef>
#include <string_view>

namespace kindred::connectors::webchat {

/// The record of one frame that the widget of `visitor` sent. "message" is a message; "typing", "received" and "page"
/// are control frames, of kind `ignored`; frame types that came up later are ignored too. errc::invalid names the field
/// that is missing or wrong, errc::too_large a text over `longest_text` characters.
result<channel::record> parse(std::string_view frame, std::string_view visitor, std::size_t longest_text);

}  // namespace kindred::connectors::webchat
