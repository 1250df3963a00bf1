#pragma once
#include "engine/store/sqlite/sqlite.hpp"

#include <gtest/gtest.h>

namespace kindred::store {

/// What a store that went through trouble must be: sound, holding a beginning of the batches contact(1), contact(2),
/// ... with every row of each and no row of a later one, at least up to `acknowledged` and at most up to `attempted`.
struct survival {
    std::uint64_t acknowledged = 0;
    std::uint64_t attempted = 0;
};
/// On success, `*held` is the number of batches it holds.
testing::AssertionResult survived(const sqlite_options& where, const survival& wanted, std::uint64_t* held = nullptr);
/// The same of an open store, but for quick_check().
testing::AssertionResult holds_a_beginning(store& from, const survival& wanted, std::uint64_t* held = nullptr);

/// How much more than usual the fault tests do: KINDRED_FAULT_SCALE, 1 when unset.
std::uint64_t fault_scale();

}  // namespace kindred::store
