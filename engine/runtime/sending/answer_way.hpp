#pragma once
#include "engine/runtime/channels.hpp"

#include <optional>
#include <string_view>

namespace kindred::runtime {

/// How customers answer what the engine itself asks or sends them.
enum class answer_way {
    link = 1,  ///< on our page, at a signed address
    buttons,   ///< in the web chat
    digits     ///< by a message that is a number
};
std::string_view name_of(answer_way way);
/// A name that is none of these is a link's.
answer_way answer_way_named(std::string_view name);

/// How somebody in this channel can. None: by no means. Nobody writes to a caller, and what stands in a forum could be
/// answered by everybody who reads it.
std::optional<answer_way> answer_way_in(const channel_entry& via);

}  // namespace kindred::runtime
