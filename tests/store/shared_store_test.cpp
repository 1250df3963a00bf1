#include "engine/redis/client.hpp"
#include "engine/store/redis/redis.hpp"
#include "tests/redis/support/redis_server.hpp"
#include "tests/store/support/samples.hpp"
#include "tests/store/support/temporary_folder.hpp"

#include <filesystem>

/// What holds of a site that several nodes share, beyond the contract of every store.
namespace kindred::store {
namespace {

using namespace samples;
using std::chrono::milliseconds;

constexpr milliseconds shortly{10};

class shared_site : public testing::Test {
protected:
    redis_options options(const std::string& node) const {
        redis_options made;
        made.server.server.port = server_.port();
        made.node = node;
        made.copy.path = folder_.file(node + "/copy.db");
        made.copy.sync = sync_level::off;
        return made;
    }
    static std::unique_ptr<shared_store> leading(const redis_options& with) {
        auto opened = open_redis(with).value();
        while (!opened->lead(shortly).value()) {
        }
        return opened;
    }
    std::unique_ptr<shared_store> leading(const std::string& node) const { return leading(options(node)); }

    kindred::redis::reply say(const kindred::redis::command& said) { return raw_.ask(said).value(); }
    static std::string key(const std::string& name) { return "kindred:{main}:" + name; }
    /// As when a leader has been silent for longer than its lease.
    void end_lease() { say({"HSET", key("head"), "exp", "0"}); }
    std::int64_t batches() { return say({"XLEN", key("log")}).number; }
    /// As a failover does that promotes a replica which had not heard of the last batch.
    void lose_last_batch(std::uint64_t seq, const std::string& before) {
        say({"XDEL", key("log"), std::to_string(seq) + "-0"});
        say({"XSETID", key("log"), std::to_string(seq - 1) + "-0"});
        say({"HSET", key("head"), "seq", std::to_string(seq - 1), "last", before});
        say({"DEL", key("writers")});
    }
    static kindred::redis::connection_settings settings_of(const kindred::redis::redis_server& server) {
        kindred::redis::connection_settings made;
        made.server.port = server.port();
        return made;
    }

    temporary_folder folder_;
    kindred::redis::redis_server server_;
    kindred::redis::client raw_{settings_of(server_)};
};

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

TEST_F(shared_site, a_copy_that_is_ahead_of_what_redis_kept_is_set_aside) {
    {
        auto first = leading("first");
        ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
        ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    }
    lose_last_batch(2, "01010101010101010101010101010101.1");
    auto again = leading("first");
    EXPECT_TRUE(again->ticket(ticket_id{1}));
    EXPECT_FALSE(again->ticket(ticket_id{2}));
    std::size_t aside = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder_.file("first")))
        aside += file.path().string().find("copy.db.aside-") != std::string::npos ? 1 : 0;
    EXPECT_GT(aside, 0U) << "what was lost can be looked at";
    EXPECT_EQ(again->commit(contact(3, 2)).state, commit_state::committed);
}

TEST_F(shared_site, a_leader_whose_last_batch_redis_lost_steps_down_and_its_copy_is_not_touched_under_readers) {
    auto first = leading("first");
    ASSERT_EQ(load(*first).open.size(), 0U);
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    lose_last_batch(2, "01010101010101010101010101010101.1");
    EXPECT_EQ(first->load([](ticket_row&&) {}).error().code, errc::fenced);
    EXPECT_TRUE(first->was_fenced());
    EXPECT_TRUE(first->ticket(ticket_id{2})) << "readers still have it";
    first.reset();
    end_lease();
    auto again = leading("first");
    EXPECT_EQ(load(*again).open.size(), 1U);
}

TEST_F(shared_site, a_leader_whose_last_batch_redis_lost_is_told_at_its_next_one) {
    auto first = leading("first");
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    lose_last_batch(2, "01010101010101010101010101010101.1");
    const auto next = first->commit(contact(3));
    EXPECT_EQ(next.state, commit_state::fenced);
    EXPECT_NE(next.reason.find("SEQ 1"), std::string::npos) << next.reason;
    EXPECT_EQ(batches(), 1);
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

TEST_F(shared_site, tells_who_leads_and_how_far_those_are_who_follow) {
    auto first = leading("first");
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    ASSERT_TRUE(first->ingest(std::vector{item(9)}));
    auto second = open_redis(options("second")).value();
    EXPECT_FALSE(second->lead(shortly).value());
    ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    const auto standing = standing_of(options("nobody")).value();
    EXPECT_TRUE(standing.has_leader());
    EXPECT_EQ(standing.leads.node, "first");
    EXPECT_EQ(standing.leads.epoch, 1U);
    EXPECT_EQ(standing.seq, 2U);
    EXPECT_EQ(standing.log_batches, 2U);
    EXPECT_EQ(standing.undecided, 1U);
    ASSERT_EQ(standing.follow.size(), 1U);
    EXPECT_EQ(standing.follow[0].node, "second");
    EXPECT_EQ(standing.follow[0].behind, 1U);
    first.reset();
    EXPECT_FALSE(standing_of(options("nobody")).value().has_leader());
}

TEST_F(shared_site, needs_no_more_rights_than_the_manual_gives) {
    kindred::redis::command rights{"ACL", "SETUSER", "kindred", "on", ">secret", "resetchannels", "~kindred:{main}:*"};
    for (const auto* each : {"+fcall",      "+wait",          "+xread",         "+xrange",        "+xlen", "+hset",
                             "+hdel",       "+hget",          "+hmget",         "+hgetall",       "+set",  "+get",
                             "+persist",    "+expire",        "+time",          "+memory|usage",  "+role", "+info",
                             "+config|get", "+function|load", "+function|list", "+client|setname"})
        rights.emplace_back(each);
    for (const auto* each : {"+hincrby", "+hsetnx", "+xadd", "+xdel", "+xtrim", "+sadd", "+smismember", "+expireat"})
        rights.emplace_back(each);
    say(rights);
    auto with = options("first");
    with.server.user = "kindred";
    with.server.password = "secret";
    with.snapshot_bytes = 1;
    auto first = leading(with);
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    ASSERT_TRUE(first->ingest(std::vector{item(9)}));
    ASSERT_TRUE(first->put_session({"hash", agent_id{1}, noon, noon, noon}));
    EXPECT_EQ(load(*first).open.size(), 1U);
    while (say({"HGET", key("snapshot"), "seq"}).text != "1") {
    }
    EXPECT_TRUE(standing_of(with));
    ASSERT_TRUE(first->trim(noon, noon));
}

TEST_F(shared_site, a_leader_outlives_a_failover_of_redis) {
    const kindred::redis::redis_server replica({"--replicaof", "127.0.0.1 " + std::to_string(server_.port())});
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
    server_.start();  // comes back as what the sentinel makes of it: a replica of the new master
    commit_outcome again;
    do again = first->commit(contact(2));
    while (again.state == commit_state::refused || again.state == commit_state::unknown);
    EXPECT_EQ(again.state, commit_state::committed) << again.reason;
    EXPECT_EQ(load(*first).open.size(), 2U);
    kindred::redis::client promoted(settings_of(replica));
    EXPECT_EQ(promoted.ask({"XLEN", key("log")}).value().number, 2);
}

TEST(SharedSiteStart, AnUnsafeServerIsRefusedWithTheLinesToChange) {
    const kindred::redis::redis_server server({"--appendonly", "no", "--maxmemory-policy", "allkeys-lru"});
    const temporary_folder folder;
    redis_options with;
    with.server.server.port = server.port();
    with.copy.path = folder.file("copy.db");
    const auto refused = open_redis(with);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::invalid);
    EXPECT_NE(refused.error().message.find("appendonly yes"), std::string::npos) << refused.error().message;
    EXPECT_NE(refused.error().message.find("maxmemory-policy noeviction"), std::string::npos);
    with.refuse_unsafe = false;
    EXPECT_TRUE(open_redis(with));
}

TEST(SharedSiteStart, AReplicaIsRefused) {
    const kindred::redis::redis_server master;
    const kindred::redis::redis_server replica({"--replicaof", "127.0.0.1 " + std::to_string(master.port())});
    const temporary_folder folder;
    redis_options with;
    with.server.server.port = replica.port();
    with.copy.path = folder.file("copy.db");
    const auto refused = open_redis(with);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("it is a replica"), std::string::npos) << refused.error().message;
}

}  // namespace
}  // namespace kindred::store
