#include "tests/store/support/faulty_store.hpp"

#include "engine/store/memory/memory.hpp"
#include "tests/store/support/samples.hpp"

#include <gtest/gtest.h>

namespace kindred::store {
namespace {

TEST(faulty_store, a_batch_whose_answer_was_lost_is_applied_once) {
    faulty_store store(make_memory_store());
    store.then(store_fault::unknown_applied);
    store.then(store_fault::unknown_lost);
    store.then(store_fault::refuse, 2);
    const auto first = samples::contact(1);
    EXPECT_EQ(store.commit(first).state, commit_state::unknown);
    EXPECT_TRUE(store.ticket(ticket_id{1}));
    const auto second = samples::contact(2);
    EXPECT_EQ(store.commit(second).state, commit_state::unknown);
    EXPECT_FALSE(store.ticket(ticket_id{2}));
    EXPECT_EQ(store.commit(second).state, commit_state::refused);
    EXPECT_EQ(store.ingest(std::vector{samples::item(9)}).error().code, errc::unavailable);
    EXPECT_EQ(store.commit(first).state, commit_state::committed);
    EXPECT_EQ(store.commit(second).state, commit_state::committed);
    EXPECT_EQ(store.commits(), 2U);
}

TEST(faulty_store, once_broken_stays_broken) {
    faulty_store store(make_memory_store());
    store.then(store_fault::broken);
    EXPECT_EQ(store.commit(samples::contact(1)).state, commit_state::broken);
    EXPECT_EQ(store.commit(samples::contact(1)).state, commit_state::broken);
    EXPECT_EQ(store.ingest(std::vector{samples::item(9)}).error().code, errc::io);
    EXPECT_FALSE(store.find_key(samples::delivery(9)).value());
}

}  // namespace
}  // namespace kindred::store
