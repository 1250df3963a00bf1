#pragma once
#include "engine/customers/joins.hpp"
#include "engine/store/store.hpp"

#include <functional>

namespace kindred::runtime {

/// Walks over everybody on record and gives `found`, some at once, the pairs who look alike. Names that more than
/// `most_namesakes` have say nothing and are passed over. Memory: 16 bytes for each customer who has a name. Blocks;
/// ends early with errc::unavailable when `found` says false.
result<void> find_alike(store::store& from, const std::function<bool(std::vector<customers::join_proposal>)>& found);

inline constexpr std::size_t most_namesakes = 20;

}  // namespace kindred::runtime
