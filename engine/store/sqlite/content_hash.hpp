#pragma once
#include "engine/base/error.hpp"

#include <string>

namespace kindred::store {

/// A hash of what a store's file says, 64 hex digits: the same for two stores that have the same rows, however they got
/// them. Left out is what belongs to one file alone: who is logged in, what is made of other rows, and how far a copy
/// of a shared site has come. The file may be open elsewhere as long as nobody writes it. errc::io, errc::corrupt.
result<std::string> content_hash(const std::string& file);

/// A hash of a file's bytes, 64 hex digits.
result<std::string> file_hash(const std::string& file);

}  // namespace kindred::store
