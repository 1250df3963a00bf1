#include "tests/store/support/clustered_site.hpp"
#include "tests/store/support/manual_rights.hpp"

#include <atomic>
#include <thread>

/// A site in a Redis Cluster.
namespace kindred::store {
namespace {

using namespace samples;
using kindred::redis::refusal;
using std::chrono::milliseconds;

TEST_F(clustered, sites_are_spread_over_its_masters_which_all_have_the_functions) {
    redis_cluster cluster;
    std::array<std::size_t, redis_cluster::masters> sites{};
    std::vector<std::unique_ptr<shared_store>> all;
    for (int number = 1; number <= 12; ++number) {
        const auto site = "site" + std::to_string(number);
        ++sites.at(redis_cluster::owner(slot_of_site(site)));
        const auto& one = all.emplace_back(leading(options(cluster, site, site)));
        ASSERT_EQ(one->commit(contact(1)).state, commit_state::committed) << site;
        EXPECT_EQ(batches(cluster, site), 1) << site;
    }
    for (std::size_t i = 0; i < redis_cluster::masters; ++i) {
        EXPECT_GT(sites.at(i), 0U);
        EXPECT_EQ(cluster.say(i, {"FUNCTION", "LIST"}).list.size(), 1U);
    }
    EXPECT_EQ(standing_of(options(cluster, "site1", "site1")).value().sites.size(), all.size())
        << "who leads them all is in one table, whichever master has it";
}

TEST_F(clustered, a_sites_slot_moves_while_it_writes_and_another_node_follows) {
    redis_cluster cluster;
    auto with = options(cluster, "first");
    with.snapshot_bytes = 4096;
    const auto others = options(cluster, "second");
    const auto first = leading(with);
    const auto second = open_redis(others).value();
    std::atomic<std::uint64_t> done{0};
    std::atomic<bool> over{false};
    std::thread writing([&] {
        for (std::uint64_t number = 1; !over; ++number) {
            until_settled(*first, contact(number));
            done = number;
        }
    });
    std::thread following([&] {
        while (!over) (void)second->lead(milliseconds{10});
    });
    const auto written = [&](std::uint64_t more) {
        for (const auto until = done + more; done < until;) std::this_thread::yield();
    };
    const auto slot = slot_of_site("main");
    auto at = redis_cluster::owner(slot);
    for (int round = 0; round < 4; ++round) {
        written(20);
        const auto to = (at + 1) % redis_cluster::masters;
        cluster.begin_move(slot, at, to);
        const auto refused = with.figures->calls->refusals_of(refusal::try_again);
        while (cluster.move_keys(slot, at, to, 1) != 0) {
            // In the middle of it once: some keys here, some there.
            while (round == 0 && with.figures->calls->refusals_of(refusal::try_again) == refused)
                std::this_thread::yield();
        }
        cluster.end_move(slot, at, to);
        at = to;
    }
    written(20);
    over = true;
    writing.join();
    following.join();
    const auto& calls = *with.figures->calls;
    EXPECT_GT(calls.refusals_of(refusal::moved), 0U);
    EXPECT_GT(calls.refusals_of(refusal::try_again), 0U);
    EXPECT_FALSE(first->was_fenced());
    EXPECT_EQ(with.figures->rollbacks, 0U);
    while (!second->ticket(ticket_id{done})) (void)second->lead(milliseconds{10});
    for (std::uint64_t number = 1; number <= done; ++number)
        ASSERT_EQ(second->entries(ticket_id{number}, 0, 10).value().size(), 2U) << number;
    const auto standing = standing_of(with).value();
    EXPECT_EQ(standing.seq, done) << "each once";
    EXPECT_EQ(standing.leads.node, "first");
}

TEST_F(clustered, a_master_is_lost_and_its_replica_has_all_that_counted) {
    redis_cluster cluster(1);
    auto with = options(cluster, "first");
    with.wait_replicas = 1;
    const auto first = leading(with);
    for (std::uint64_t number = 1; number <= 20; ++number) until_settled(*first, contact(number));
    ASSERT_TRUE(first->ingest(std::vector{item(90)}));
    const auto owner = redis_cluster::owner(slot_of_site("main"));
    cluster.server(owner).kill();
    EXPECT_NE(first->commit(contact(21)).state, commit_state::committed);
    while (cluster.say(owner + redis_cluster::masters, {"ROLE"}).list[0].text != "master") {
    }
    cluster.server(owner).start();  // it finds that its slots are another's, and becomes its replica
    until_settled(*first, contact(21));
    EXPECT_EQ(load(*first).open.size(), 21U);
    EXPECT_EQ(load(*first).small.undecided.size(), 1U);
    EXPECT_EQ(batches(cluster), 21);
    EXPECT_EQ(with.figures->rollbacks, 0U);
}

TEST_F(clustered, needs_the_rights_that_the_manual_adds) {
    redis_cluster cluster;
    auto rights = rights_of_the_manual();
    for (const auto* each : {"+cluster|slots", "+asking", "+pttl"}) rights.emplace_back(each);
    for (std::size_t i = 0; i < redis_cluster::masters; ++i) cluster.say(i, rights);
    auto with = options(cluster, "first");
    with.server.user = "kindred";
    with.server.password = "secret";
    const auto first = leading(with);
    EXPECT_EQ(first->commit(contact(1)).state, commit_state::committed);
    const auto slot = slot_of_site("main");
    const auto from = redis_cluster::owner(slot);
    const auto to = (from + 1) % redis_cluster::masters;
    cluster.begin_move(slot, from, to);
    while (cluster.move_keys(slot, from, to, 100) != 0) {
    }
    EXPECT_EQ(standing_of(with).value().log_batches, 1U) << "asked for where it is already";
    cluster.end_move(slot, from, to);
    EXPECT_EQ(first->commit(contact(2)).state, commit_state::committed);
    EXPECT_EQ(with.figures->calls->refusals_of(refusal::forbidden), 0U);
}

TEST_F(clustered, a_user_who_may_not_have_the_pieces_of_snapshots_is_told_so_at_the_start) {
    redis_cluster cluster;
    const auto limited = (redis_cluster::owner(slot_of_site("main")) + 1) % redis_cluster::masters;
    for (std::size_t i = 0; i < redis_cluster::masters; ++i)
        cluster.say(i, {"ACL", "SETUSER", "kindred", "on", ">secret", "+@all", "~kindred:{main}:*",
                        i == limited ? "~other" : "~kindred:{main/*"});
    auto with = options(cluster, "first");
    with.server.user = "kindred";
    with.server.password = "secret";
    const auto refused = open_redis(with);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::invalid);
    const auto& told = refused.error().message;
    EXPECT_NE(told.find(std::to_string(cluster.server(limited).port())), std::string::npos) << told;
    EXPECT_NE(told.find("~kindred:{main/* and +pttl"), std::string::npos) << told;
    with.refuse_unsafe = false;
    with.files_in_redis = false;  // which need these keys
    EXPECT_TRUE(open_redis(with));
}

TEST_F(clustered, is_checked_on_all_masters_before_a_node_starts) {
    redis_cluster cluster;
    const auto away = (redis_cluster::owner(slot_of_site("main")) + 1) % redis_cluster::masters;
    cluster.say(away, {"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"});
    const auto refused = open_redis(options(cluster, "first"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::invalid);
    const auto port = std::to_string(cluster.server(away).port());
    EXPECT_NE(refused.error().message.find(port), std::string::npos) << refused.error().message;
    EXPECT_NE(refused.error().message.find("maxmemory-policy noeviction"), std::string::npos);
    cluster.say(away, {"CONFIG", "SET", "maxmemory-policy", "noeviction"});
    EXPECT_TRUE(open_redis(options(cluster, "first")));

    auto as_one = options(cluster, "first");
    as_one.server.server = as_one.cluster.front();
    as_one.cluster.clear();
    const auto told = open_redis(as_one);
    ASSERT_FALSE(told);
    EXPECT_NE(told.error().message.find("under \"cluster\""), std::string::npos) << told.error().message;
    const kindred::redis::redis_server lone;
    auto no_cluster = options(cluster, "first");
    no_cluster.cluster = {{"127.0.0.1", lone.port()}};
    EXPECT_EQ(open_redis(no_cluster).error().code, errc::invalid);
}

}  // namespace
}  // namespace kindred::store
