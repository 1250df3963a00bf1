#pragma once
#include "engine/store/rows.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kindred::store::redis {

/// An item as files of this node have it.
std::string encode_item(const inbound_item& item);
/// Nothing where the bytes are anything else.
std::optional<inbound_item> decode_item(std::string_view bytes);

}  // namespace kindred::store::redis
