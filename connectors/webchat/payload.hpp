#pragma once
#include "engine/base/error.hpp"
#include "engine/base/time.hpp"
#include "engine/channel/record.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::connectors::webchat {

/// What a frame is judged by beside itself.
struct frame_rules {
    std::size_t longest_text = 4000;  ///< characters
    std::vector<std::string> identity_secrets;
    time_point now;
};

/// The record of one frame that the widget of `visitor` sent. "message" is a message, "read" says up to which
/// line the visitor has read; "typing", "received" and "page" are control frames, of kind `ignored`; frame types that
/// came up later are ignored too. errc::invalid names the field that is missing or wrong, errc::too_large a text that
/// is too long, errc::forbidden a proof of identity that is none (any more).
result<channel::record> parse(std::string_view frame, std::string_view visitor, const frame_rules& rules);

}  // namespace kindred::connectors::webchat
