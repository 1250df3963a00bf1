#pragma once
#include "engine/base/error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kindred::store::redis {

/// Bytes compressed; nothing where that is not worth it: pictures, sounds and archives are compressed already.
std::optional<std::string> packed(std::string_view plain);
/// errc::corrupt: they are not what packed() gave for so many bytes.
result<std::string> unpacked(std::string_view packed, std::size_t plain_size);

}  // namespace kindred::store::redis
