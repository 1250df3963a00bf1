#pragma once
#include "engine/store/store.hpp"

#include <cstdint>

namespace kindred::runtime {

/// What came of telling a new dispatcher everything that a store's journal has, beside what the store has kept.
struct replayed {
    std::uint64_t commands = 0;
    std::uint64_t stored_hash = 0;    ///< of the state that a start would go on with
    std::uint64_t replayed_hash = 0;  ///< of the state that the commands lead to

    bool same() const { return stored_hash == replayed_hash; }
};

/// Reads all of the journal and of the open state; changes nothing. errc::unavailable where the journal does not go
/// back to the beginning any more, errc::corrupt where a record cannot be read or told, else as the store's reads have
/// them.
result<replayed> replay(store::store& from);

}  // namespace kindred::runtime
