#pragma once
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {

/// Equal for dispatchers that go on in the same way: what has ended by `now` is gone from both.
inline std::uint64_t hash_at(dispatch::dispatcher& of, time_point now) {
    std::vector<dispatch::event> events;
    EXPECT_TRUE(of.apply(dispatch::tick{}, now, events));
    EXPECT_TRUE(events.empty()) << "the site had fired what was due";
    return of.state_hash();
}

/// The state of dispatch that a start from this disk would go on with.
inline std::uint64_t hash_on(const std::shared_ptr<store::memory_disk>& disk, time_point now) {
    const auto reopened = store::make_memory_store(disk);
    const auto channels = test_channels();
    start_state start;
    return hash_at(load_world(*reopened, test_rules(), channels, now, start).value()->dispatch, now);
}

}  // namespace kindred::runtime
