#pragma once
#include "engine/base/error.hpp"
#include "engine/channel/connector.hpp"

#include <span>
#include <string_view>

namespace kindred::channel {

/// Whether a media type is "image/jpeg", "image/*" or "*".
bool fits_type(std::string_view pattern, std::string_view type);

/// Whether a channel with these abilities carries these files, told before anything is sent. errc::invalid,
/// errc::too_large: says which file, what `name` takes instead.
result<void> check_files(const abilities& can, std::string_view name, std::span<const outgoing_file> files);

}  // namespace kindred::channel
