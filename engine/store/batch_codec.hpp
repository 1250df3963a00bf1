#pragma once
#include "engine/base/error.hpp"
#include "engine/store/rows.hpp"

#include <string>
#include <string_view>

namespace kindred::store {

/// Appends a batch to `out`, as a log keeps it: a version byte, then every field in order, numbers little-endian, texts
/// with their length before them.
/// `also`: one more row to be kept, as if it were the batch's last; may be none.
void encode(const batch& changes, std::string& out, const kept_row* also = nullptr);

/// The batch that encode() wrote. errc::corrupt when the bytes are anything else; `bytes` may come from a damaged disk.
result<batch> decode_batch(std::string_view bytes);

}  // namespace kindred::store
