#pragma once
#include "engine/base/error.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace kindred::store::redis {

/// How large a piece is before it is given away.
inline constexpr std::size_t piece_bytes = std::size_t{1} << 20;

/// Compresses a file and gives the pieces of it to `each`, in order. How many bytes there were before and after.
struct packed_size {
    std::uint64_t plain = 0;
    std::uint64_t packed = 0;
};
result<packed_size> pack_file(const std::string& file, const std::function<result<void>(std::string_view)>& each);

/// Writes the file that pack_file() read, of the pieces that `next` gives until one is empty. errc::corrupt: they are
/// not whole, or not what was packed (there is a checksum); then there is no file.
result<void> unpack_file(const std::string& file, const std::function<result<std::string>()>& next);

}  // namespace kindred::store::redis
