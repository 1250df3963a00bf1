#pragma once
#include "engine/store/file_place.hpp"

namespace kindred::store {

/// Puts all files of a place into another, one at a time; those that are there already are not read. Gives how many
/// there are.
result<std::uint64_t> move_files(file_place& from, file_place& to);

}  // namespace kindred::store
