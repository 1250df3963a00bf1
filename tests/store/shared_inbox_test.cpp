#include "tests/store/support/shared_site.hpp"

/// What nodes that follow take in, as the one that leads sees it.
namespace kindred::store {
namespace {

using namespace samples;
using std::chrono::milliseconds;

std::vector<std::string> ids(const inbox_page& of) {
    std::vector<std::string> made;
    for (const auto& [position, item] : of.items) made.push_back(item.key.id);
    return made;
}

inbox_place place_of(const std::pair<std::uint64_t, inbound_item>& found) { return {found.first, found.second.key}; }

TEST_F(shared_site, a_leader_is_brought_what_others_take_in_until_it_says_that_it_is_decided) {
    auto first = leading("first");
    (void)load(*first);
    auto second = open_redis(options("second")).value();
    EXPECT_FALSE(second->lead(shortly).value());
    ASSERT_TRUE(second->ingest(std::vector{item(1), item(2)}));
    const auto found = first->undecided(0, 10, milliseconds{1'000}).value();
    EXPECT_EQ(ids(found), (std::vector{item(1).key.id, item(2).key.id}));
    EXPECT_EQ(found.items[0].second, item(1));
    EXPECT_EQ(found.read_to, found.items[1].first);
    EXPECT_EQ(first->inbox_end().value(), found.read_to);
    EXPECT_EQ(first->undecided(0, 1, shortly).value().read_to, found.items[0].first) << "it was told to read no more";
    EXPECT_TRUE(first->undecided(found.read_to, 10, shortly).value().items.empty());
    ASSERT_TRUE(second->ingest(std::vector{item(3)}));
    EXPECT_EQ(ids(first->undecided(found.read_to, 10, milliseconds{1'000}).value()), std::vector{item(3).key.id});
    EXPECT_EQ(first->undecided_count().value(), 3U);
    ASSERT_TRUE(first->decided(std::vector{place_of(found.items[0]), place_of(found.items[1])}));
    ASSERT_TRUE(first->decided(std::vector{place_of(found.items[0])})) << "it had left before";
    const auto left = first->undecided(0, 10, shortly).value();
    EXPECT_EQ(ids(left), std::vector{item(3).key.id});
    ASSERT_TRUE(first->decided(std::vector{place_of(left.items[0])}));
    EXPECT_EQ(first->undecided(0, 10, shortly).value().read_to, left.read_to) << "what has left was read";
    EXPECT_TRUE(second->ingest(std::vector{item(1)}).value()[0].duplicate) << "its key stays";
}

TEST_F(shared_site, a_place_that_a_failover_gave_again_is_not_emptied_by_who_decided_what_was_there_before) {
    auto only = leading("only");
    (void)load(*only);
    ASSERT_TRUE(only->ingest(std::vector{item(1)}));
    const auto before = only->undecided(0, 10, shortly).value();
    ASSERT_EQ(before.items.size(), 1U);
    // A server whose clock is behind, and which had not heard of it, gives the same place.
    say({"XTRIM", key("inbox"), "MAXLEN", "0"});
    say({"XSETID", key("inbox"), "0-0"});
    say({"HSET", key("head"), "pos", std::to_string(before.read_to + 1'000'000'000)});
    ASSERT_TRUE(only->ingest(std::vector{item(2)}));
    const auto after = only->undecided(0, 10, shortly).value();
    ASSERT_EQ(ids(after), std::vector{item(2).key.id});
    EXPECT_EQ(after.items[0].first, before.read_to + 1'000'000'001) << "places rise whatever the clock says";
    ASSERT_TRUE(only->decided(std::vector{inbox_place{after.items[0].first, item(1).key}}));
    EXPECT_EQ(ids(only->undecided(0, 10, shortly).value()), std::vector{item(2).key.id});
    ASSERT_TRUE(only->decided(std::vector{place_of(after.items[0])}));
    EXPECT_EQ(only->undecided_count().value(), 0U);
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
    ASSERT_EQ(second->undecided(0, 10, shortly).value().items.size(), 1U);
    EXPECT_FALSE(second->prefetch(std::vector{asked}).value()[0].seen) << "its own key does not make it a duplicate";
}

TEST_F(shared_site, what_is_being_decided_is_not_taken_for_something_decided_when_its_reader_loads_again) {
    auto only = leading("only");
    (void)load(*only);
    ASSERT_TRUE(only->ingest(std::vector{item(1)}));
    ASSERT_EQ(only->undecided(0, 10, shortly).value().items.size(), 1U);
    (void)load(*only);
    ASSERT_TRUE(only->ingest(std::vector{item(2)}));
    for (const auto& each : {item(1), item(2)}) {
        prefetch_query asked;
        asked.key = each.key;
        EXPECT_FALSE(only->prefetch(std::vector{asked}).value()[0].seen);
        EXPECT_FALSE(only->find_key(each.key).value());
    }
}

TEST_F(shared_site, over_a_new_connection_the_inbox_is_read_from_its_beginning) {
    const auto only = leading("only");
    (void)load(*only);
    const auto first = only->ingest(std::vector{item(1)}).value()[0].position;
    ASSERT_EQ(only->undecided(0, 10, shortly).value().read_to, first);
    // Another master gave a place before that, while this one did not know that it was replaced.
    say({"DEL", key("inbox")});
    say({"XADD", key("inbox"), std::to_string(first - 5) + "-0", "s", item(2).key.space, "i", item(2).key.id, "a", "0",
         "p", "earlier"});
    ASSERT_TRUE(only->ingest(std::vector{item(3)}));
    say({"CLIENT", "KILL", "TYPE", "normal"});
    auto found = only->undecided(first, 10, shortly);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (!found && std::chrono::steady_clock::now() < until) found = only->undecided(first, 10, shortly);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->items.size(), 2U);
    EXPECT_EQ(found->items[0].second.key, item(2).key);
    EXPECT_EQ(found->items[1].second.key, item(3).key);
    EXPECT_EQ(only->undecided(found->read_to, 10, shortly).value().items.size(), 0U);
}

TEST_F(shared_site, a_redis_that_has_come_back_without_the_site_is_given_nothing) {
    const auto first = leading("first");
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    const auto with = options("second");
    const auto second = open_redis(with).value();
    ASSERT_FALSE(second->lead(shortly).value());
    ASSERT_TRUE(second->ingest(std::vector{item(2)}));
    say({"RENAME", key("head"), key("head of before")});
    const auto into_nothing = second->ingest(std::vector{item(3)});
    ASSERT_FALSE(into_nothing);
    EXPECT_EQ(into_nothing.error().code, errc::unavailable);
    say({"HSET", key("head"), "uid", "of another site"});
    EXPECT_FALSE(second->ingest(std::vector{item(3)}));
    EXPECT_EQ(say({"XLEN", key("inbox")}).number, 1);
    say({"RENAME", key("head of before"), key("head")});
    EXPECT_FALSE(second->ingest(std::vector{item(3)}).value()[0].duplicate);
    EXPECT_EQ(say({"XLEN", key("inbox")}).number, 2);
}

TEST_F(shared_site, a_follower_does_not_take_an_empty_redis_for_a_site_that_had_no_batch_yet) {
    auto first = leading("first");
    const auto second = open_redis(options("second")).value();
    EXPECT_FALSE(second->lead(shortly).value());
    say({"FLUSHALL"});
    first.reset();
    auto led = second->lead(shortly);
    while (led && !*led) led = second->lead(shortly);
    ASSERT_FALSE(led) << "it leads what is not there any more";
    EXPECT_EQ(led.error().code, errc::conflict);
    EXPECT_FALSE(second->ingest(std::vector{item(1)})) << "nor is anything acknowledged into it";
}

TEST_F(shared_site, who_leads_is_known_with_what_only_nodes_of_the_site_know) {
    auto first = leading("first");
    auto second = open_redis(options("second")).value();
    EXPECT_FALSE(second->lead(shortly).value());
    EXPECT_FALSE(first->current_leader().site_uid.empty());
    EXPECT_EQ(second->current_leader().site_uid, first->current_leader().site_uid);
    EXPECT_EQ(second->current_leader().epoch, first->current_leader().epoch);
}

class bounded_inbox : public shared_site {
protected:
    static constexpr std::size_t room = 8'192;

    redis_options bounded(const std::string& node) const {
        auto made = options(node);
        made.inbox_bytes = room;
        return made;
    }
    static inbound_item large(std::uint64_t number) {
        auto made = item(number);
        made.payload = std::string(3'000, 'x');
        return made;
    }
    static bool has_no_room(const ingest_outcome& said) { return said.position == no_room; }
    std::uint64_t bytes() { return std::stoull(say({"HGET", key("head"), "inbox"}).text); }
};

TEST_F(bounded_inbox, takes_in_no_more_than_it_may_hold_and_knows_duplicates_all_the_same) {
    const auto with = bounded("first");
    const auto first = leading(with);
    (void)load(*first);
    const auto twice = large(3);
    const auto placed = first->ingest(std::vector{large(1), large(2), twice, twice, item(4), large(1)}).value();
    EXPECT_NE(placed[0].position, 0U);
    EXPECT_NE(placed[1].position, 0U);
    EXPECT_TRUE(has_no_room(placed[2]));
    EXPECT_TRUE(has_no_room(placed[3])) << "the same is not called a duplicate of what was not taken in";
    EXPECT_TRUE(has_no_room(placed[4])) << "it came later";
    EXPECT_TRUE(placed[5].duplicate);
    EXPECT_TRUE(first->ingest(std::vector{large(2)}).value()[0].duplicate);
    EXPECT_TRUE(has_no_room(first->ingest(std::vector{twice}).value()[0]));
    EXPECT_EQ(with.figures->calls->refusals_of(kindred::redis::refusal::inbox_full), 4U);
    EXPECT_EQ(first->undecided_count().value(), 2U);
    EXPECT_GT(bytes(), 6'000U);
    EXPECT_LE(bytes(), room);

    const auto found = first->undecided(0, 10, shortly).value();
    ASSERT_TRUE(first->decided(std::vector{place_of(found.items[0])}));
    ASSERT_TRUE(first->decided(std::vector{place_of(found.items[0])})) << "which takes nothing off any more";
    EXPECT_NE(first->ingest(std::vector{twice}).value()[0].position, 0U);
    auto decided = contact(1);
    decided.consumed = {found.items[1].first};
    ASSERT_EQ(first->commit(decided).state, commit_state::committed);
    EXPECT_GT(bytes(), 3'000U);
    EXPECT_LT(bytes(), 3'500U) << "one is left";
    const auto last = first->undecided(0, 10, shortly).value();
    ASSERT_TRUE(first->decided(std::vector{place_of(last.items.at(0))}));
    EXPECT_EQ(bytes(), 0U);
}

TEST_F(bounded_inbox, counts_from_nothing_again_once_it_is_empty) {
    const auto first = leading(bounded("first"));
    (void)load(*first);
    ASSERT_NE(first->ingest(std::vector{large(1)}).value()[0].position, 0U);
    // A node of a version that does not count took it out.
    say({"XTRIM", key("inbox"), "MAXLEN", "0"});
    ASSERT_GT(bytes(), 0U);
    EXPECT_NE(first->ingest(std::vector{large(2)}).value()[0].position, 0U);
    EXPECT_LT(bytes(), 3'500U);
    // And one took something in.
    say({"HSET", key("head"), "inbox", "10"});
    const auto found = first->undecided(0, 10, shortly).value();
    ASSERT_TRUE(first->decided(std::vector{place_of(found.items.at(0))}));
    EXPECT_EQ(bytes(), 0U);
}

TEST_F(bounded_inbox, does_not_keep_what_was_acknowledged_from_being_taken_in_again) {
    const auto with = bounded("first");
    const auto first = leading(with);
    (void)load(*first);
    ASSERT_NE(first->ingest(std::vector{large(1)}).value()[0].position, 0U);
    // A failover lost it, and another node fills the inbox before this one looks.
    for (const auto* lost : {"inbox", "keys:0", "keys:1", "keys:2", "keys:3"}) say({"DEL", key(lost)});
    const auto second = open_redis(bounded("second")).value();
    ASSERT_NE(second->ingest(std::vector{large(2), large(3)}).value()[1].position, 0U);
    ASSERT_TRUE(has_no_room(second->ingest(std::vector{large(4)}).value()[0]));
    say({"CLIENT", "KILL", "TYPE", "normal"});
    while (with.figures->contacts_repaired == 0) (void)first->ingest(std::vector{large(2)});
    EXPECT_EQ(first->undecided_count().value(), 3U);
}

}  // namespace
}  // namespace kindred::store
