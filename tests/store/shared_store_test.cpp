#include "engine/store/redis/redis_store.hpp"
#include "tests/store/support/shared_site.hpp"

#include <filesystem>

/// What holds of a site that several nodes share, beyond the contract of every store.
namespace kindred::store {
namespace {

using namespace samples;
using std::chrono::milliseconds;

TEST_F(shared_site, a_node_with_an_empty_folder_has_everything) {
    {
        auto first = leading("first");
        ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
        ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
        ASSERT_TRUE(first->ingest(std::vector{item(3)}));
        ASSERT_TRUE(first->put_session({"hash", agent_id{1}, noon, noon, noon}));
        ASSERT_TRUE(first->put_token({"token", "ci", "admin", noon, false}));
    }
    auto second = leading("second");
    const auto all = load(*second);
    EXPECT_EQ(all.open.size(), 2U);
    EXPECT_EQ(all.small.journal, journal(2).last);
    ASSERT_EQ(all.small.undecided.size(), 1U);
    EXPECT_EQ(all.small.undecided[0].second, item(3));
    EXPECT_EQ(second->entries(ticket_id{2}, 0, 10).value(), contact(2).entries);
    EXPECT_EQ(second->customer_with(identity(1).identity).value(), customer(1));
    EXPECT_TRUE(second->session("hash").value());
    EXPECT_TRUE(second->token("token").value());
}

TEST_F(shared_site, one_leads_the_other_follows_and_takes_over_at_once_when_the_first_goes) {
    auto first = leading("first");
    auto second = open_redis(options("second")).value();
    EXPECT_FALSE(second->lead(shortly).value());
    EXPECT_EQ(second->current_leader().node, "first");
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    EXPECT_FALSE(second->lead(shortly).value());
    EXPECT_TRUE(second->ticket(ticket_id{1})) << "it has what the leader committed";
    first.reset();
    EXPECT_TRUE(second->lead(shortly).value());
    EXPECT_EQ(load(*second).open.size(), 1U);
    auto later = contact(2, 2);
    later.id.number = 1;
    EXPECT_EQ(second->commit(later).state, commit_state::committed);
}

TEST_F(shared_site, a_leader_that_was_away_for_too_long_writes_nothing_more) {
    auto first = leading("first");
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    end_lease();
    auto second = leading("second");
    ASSERT_EQ(second->commit(contact(5, 2)).state, commit_state::committed);
    EXPECT_EQ(first->commit(contact(2)).state, commit_state::fenced);
    EXPECT_TRUE(first->was_fenced());
    EXPECT_EQ(first->load([](ticket_row&&) {}).error().code, errc::fenced);
    EXPECT_EQ(batches(), 2);
    EXPECT_FALSE(second->ticket(ticket_id{2}));
}

TEST_F(shared_site, the_epoch_alone_is_no_proof) {
    auto first = leading("first");
    // A failover lost the epoch that a second leader had been given, and gave it again to a third.
    say({"HSET", key("head"), "nonce", "another"});
    EXPECT_EQ(first->commit(contact(1)).state, commit_state::fenced);
    EXPECT_EQ(batches(), 0);
}

TEST_F(shared_site, a_batch_whose_answer_was_lost_is_there_once) {
    auto with = options("first");
    with.server.answer_within = milliseconds{100};
    auto first = leading(with);
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    server_.freeze();
    EXPECT_EQ(first->commit(contact(2)).state, commit_state::unknown);
    server_.thaw();
    commit_outcome again;
    do again = first->commit(contact(2));
    while (again.state == commit_state::refused || again.state == commit_state::unknown);
    EXPECT_EQ(again.state, commit_state::committed) << again.reason;
    EXPECT_EQ(batches(), 2);
    EXPECT_TRUE(first->ticket(ticket_id{2}));
    EXPECT_EQ(first->commit(contact(3)).state, commit_state::committed);
    EXPECT_EQ(batches(), 3);
}

TEST_F(shared_site, a_batch_that_landed_unseen_is_found_when_the_leader_starts_over) {
    auto with = options("first");
    with.server.answer_within = milliseconds{100};
    auto first = leading(with);
    server_.freeze();
    EXPECT_EQ(first->commit(contact(1)).state, commit_state::unknown);
    server_.thaw();
    result<open_state> loaded = fail(errc::unavailable, "");
    std::size_t open = 0;
    while (!loaded) loaded = first->load([&](ticket_row&&) { ++open; });
    EXPECT_EQ(open, static_cast<std::size_t>(batches()));
    auto other = contact(2, 2);
    other.id.number = 1;
    EXPECT_EQ(first->commit(other).state, commit_state::committed);
}

TEST_F(shared_site, any_node_takes_in_and_the_leader_decides) {
    auto first = leading("first");
    auto second = open_redis(options("second")).value();
    const auto placed = second->ingest(std::vector{item(1), item(2)}).value();
    EXPECT_TRUE(first->ingest(std::vector{item(1)}).value()[0].duplicate);
    EXPECT_EQ(load(*first).small.undecided.size(), 2U);
    auto decided = contact(1);
    decided.consumed = {placed[0].position};
    ASSERT_EQ(first->commit(decided).state, commit_state::committed);
    const auto left = load(*first).small.undecided;
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].second, item(2));
    EXPECT_TRUE(second->ingest(std::vector{item(1)}).value()[0].duplicate);
}

TEST_F(shared_site, a_copy_that_took_another_way_is_set_aside) {
    {
        auto first = leading("first");
        ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
        ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    }
    lose_last_batch(2, "01010101010101010101010101010101.1");
    ASSERT_EQ(leading("second")->commit(contact(7, 3)).state, commit_state::committed);
    ASSERT_EQ(leading("second")->commit(contact(8, 3)).state, commit_state::committed);
    auto again = leading("first");
    EXPECT_FALSE(again->ticket(ticket_id{2}));
    EXPECT_EQ(load(*again).open.size(), 3U);
}

TEST_F(shared_site, a_redis_that_lost_everything_is_not_taken_for_a_new_site) {
    ASSERT_EQ(leading("first")->commit(contact(1)).state, commit_state::committed);
    say({"FLUSHALL"});
    const auto opened = open_redis(options("first")).value();
    EXPECT_EQ(opened->lead(shortly).error().code, errc::conflict);
    EXPECT_EQ(say({"KEYS", "*"}).list.size(), 0U) << "and nothing is written to it";
}

TEST_F(shared_site, a_batch_counts_once_enough_replicas_have_it) {
    auto with = options("first");
    with.wait_replicas = 1;
    with.wait_within = milliseconds{50};
    auto first = leading(with);
    const auto alone = first->commit(contact(1));
    EXPECT_EQ(alone.state, commit_state::unknown);
    EXPECT_NE(alone.reason.find("0 of 1 replicas"), std::string::npos) << alone.reason;
    EXPECT_EQ(first->ingest(std::vector{item(9)}).error().code, errc::unknown);
    const kindred::redis::redis_server replica({"--replicaof", "127.0.0.1 " + std::to_string(server_.port())});
    while (first->commit(contact(1)).state != commit_state::committed) {
    }
    EXPECT_EQ(batches(), 1);
    EXPECT_TRUE(first->ticket(ticket_id{1}));
}

TEST_F(shared_site, a_long_log_gives_way_to_a_snapshot_that_new_and_old_copies_begin_with) {
    constexpr std::uint64_t many = 30;
    auto with = options("first");
    with.snapshot_bytes = 1;
    {
        const auto early = leading(options("early"));
        ASSERT_EQ(early->commit(contact(1)).state, commit_state::committed);
    }
    auto first = leading(with);
    for (std::uint64_t number = 2; number <= many; ++number)
        ASSERT_EQ(first->commit(contact(number)).state, commit_state::committed);
    while (batches() == static_cast<std::int64_t>(many)) {
    }
    ASSERT_EQ(first->commit(contact(many + 1)).state, commit_state::committed) << "it goes on";
    first.reset();
    for (const auto* node : {"early", "late"}) {
        auto next = leading(node);
        EXPECT_EQ(load(*next).open.size(), many + 1) << node;
        EXPECT_EQ(next->entries(ticket_id{7}, 0, 10).value(), contact(7).entries) << node;
        EXPECT_EQ(next->commit(contact(1)).state, commit_state::committed) << node << ": this batch was there before";
        EXPECT_EQ(next->ticket(ticket_id{1}).value(), ticket(1));
    }
}

TEST_F(shared_site, a_snapshot_of_one_who_leads_no_more_is_not_named_and_leaves_nothing) {
    const auto with = options("first");
    const auto first = leading(with);
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    redis::site_log log(redis::place_of(with), "test");
    redis::snapshots into(log, redis::place_of(with));
    const auto put = into.put({99, "another"}, with.copy.path, {1, ""});
    EXPECT_EQ(put.error().code, errc::fenced);
    EXPECT_EQ(say({"KEYS", key("snapshot*")}).list.size(), 0U);
}

TEST_F(shared_site, a_leader_outlives_a_failover_of_redis) {
    const kindred::redis::redis_server replica({"--replicaof", "127.0.0.1 " + std::to_string(server_.port())});
    // Known from the sentinel's first look on; the next one comes ten seconds later.
    while (say({"INFO", "replication"}).text.find("state=online") == std::string::npos) {
    }
    const kindred::redis::redis_server sentinel(kindred::redis::redis_server::watches{server_.port()});
    auto with = options("first");
    with.sentinels = {{"127.0.0.1", sentinel.port()}};
    with.wait_replicas = 1;
    auto first = leading(with);
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    kindred::redis::client watching(settings_of(sentinel));
    while (watching.ask({"SENTINEL", "replicas", "mymaster"}).value().list.empty()) {
    }
    server_.kill();
    EXPECT_NE(first->commit(contact(2)).state, commit_state::committed);
    const kindred::redis::command who{"SENTINEL", "get-master-addr-by-name", "mymaster"};
    while (watching.ask(who).value().list[1].text != std::to_string(replica.port())) {
    }
    // On a busy machine it would be replaced again while the other one is empty, which no node can outlive.
    ASSERT_TRUE(watching.ask({"SENTINEL", "SET", "mymaster", "down-after-milliseconds", "60000"}));
    server_.start();  // comes back as what the sentinel makes of it: a replica of the new master
    commit_outcome again;
    do again = first->commit(contact(2));
    while (again.state == commit_state::refused || again.state == commit_state::unknown);
    EXPECT_EQ(again.state, commit_state::committed) << again.reason;
    EXPECT_EQ(load(*first).open.size(), 2U);
    kindred::redis::client promoted(settings_of(replica));
    EXPECT_EQ(promoted.ask({"XLEN", key("log")}).value().number, 2);
}

}  // namespace
}  // namespace kindred::store
