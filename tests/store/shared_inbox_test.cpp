#include "tests/store/support/shared_site.hpp"

/// What nodes that follow take in, as the one that leads sees it.
namespace kindred::store {
namespace {

using namespace samples;
using std::chrono::milliseconds;

std::vector<std::string> ids(const std::vector<std::pair<std::uint64_t, inbound_item>>& of) {
    std::vector<std::string> made;
    for (const auto& [place, item] : of) made.push_back(item.key.id);
    return made;
}

TEST_F(shared_site, a_leader_is_brought_what_others_take_in_until_it_says_that_it_is_decided) {
    auto first = leading("first");
    (void)load(*first);
    auto second = open_redis(options("second")).value();
    EXPECT_FALSE(second->lead(shortly).value());
    ASSERT_TRUE(second->ingest(std::vector{item(1), item(2)}));
    const auto found = first->undecided(0, 10, milliseconds{1'000}).value();
    EXPECT_EQ(ids(found), (std::vector{item(1).key.id, item(2).key.id}));
    EXPECT_EQ(found[0].second, item(1));
    EXPECT_TRUE(first->undecided(found.back().first, 10, shortly).value().empty());
    ASSERT_TRUE(second->ingest(std::vector{item(3)}));
    EXPECT_EQ(ids(first->undecided(found.back().first, 10, milliseconds{1'000}).value()), std::vector{item(3).key.id});
    EXPECT_EQ(first->undecided_count().value(), 3U);
    ASSERT_TRUE(first->decided(std::vector{found[0].first, found[1].first}));
    ASSERT_TRUE(first->decided(std::vector{found[0].first})) << "it had left before";
    EXPECT_EQ(ids(first->undecided(0, 10, shortly).value()), std::vector{item(3).key.id});
    EXPECT_TRUE(second->ingest(std::vector{item(1)}).value()[0].duplicate) << "its key stays";
}

TEST_F(shared_site, what_is_being_decided_is_not_taken_for_something_decided) {
    auto second = open_redis(options("second")).value();
    {
        auto first = leading("first");
        EXPECT_FALSE(second->lead(shortly).value());
        ASSERT_TRUE(second->ingest(std::vector{item(1)}));
    }
    while (!second->lead(shortly).value()) {
    }
    (void)load(*second);
    prefetch_query asked;
    asked.key = item(1).key;
    EXPECT_TRUE(second->prefetch(std::vector{asked}).value()[0].seen) << "whoever brings the same is told so";
    ASSERT_EQ(second->undecided(0, 10, shortly).value().size(), 1U);
    EXPECT_FALSE(second->prefetch(std::vector{asked}).value()[0].seen) << "its own key does not make it a duplicate";
}

TEST_F(shared_site, what_is_being_decided_is_not_taken_for_something_decided_when_its_reader_loads_again) {
    auto only = leading("only");
    (void)load(*only);
    ASSERT_TRUE(only->ingest(std::vector{item(1)}));
    ASSERT_EQ(only->undecided(0, 10, shortly).value().size(), 1U);
    (void)load(*only);
    ASSERT_TRUE(only->ingest(std::vector{item(2)}));
    for (const auto& each : {item(1), item(2)}) {
        prefetch_query asked;
        asked.key = each.key;
        EXPECT_FALSE(only->prefetch(std::vector{asked}).value()[0].seen);
        EXPECT_FALSE(only->find_key(each.key).value());
    }
}

TEST_F(shared_site, who_leads_is_known_with_what_only_nodes_of_the_site_know) {
    auto first = leading("first");
    auto second = open_redis(options("second")).value();
    EXPECT_FALSE(second->lead(shortly).value());
    EXPECT_FALSE(first->current_leader().site_uid.empty());
    EXPECT_EQ(second->current_leader().site_uid, first->current_leader().site_uid);
    EXPECT_EQ(second->current_leader().epoch, first->current_leader().epoch);
}

}  // namespace
}  // namespace kindred::store
