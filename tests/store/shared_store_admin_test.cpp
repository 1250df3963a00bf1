#include "tests/store/support/manual_rights.hpp"
#include "tests/store/support/shared_site.hpp"

/// What an administrator has to do with a site that several nodes share.
namespace kindred::store {
namespace {

using namespace samples;

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
    say(rights_of_the_manual());
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
    const auto name = first->files()->put("a picture").value();
    ASSERT_TRUE(first->files()->for_each(noon, [](const auto&) {}));
    ASSERT_TRUE(first->files()->remove(first->files()->look(std::vector{name}).value().front()).value());
}

TEST_F(shared_site, does_not_start_for_a_user_who_may_not_keep_files_there) {
    say({"ACL", "SETUSER", "kindred", "on", ">secret", "+@all", "resetkeys", "~kindred:{main}:*",
         "~kindred:{@sites}:*"});
    auto with = options("first");
    with.server.user = "kindred";
    with.server.password = "secret";
    const auto refused = open_redis(with);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::forbidden);
    EXPECT_NE(refused.error().message.find("~kindred:{main/*"), std::string::npos) << refused.error().message;
    with.files_in_redis = false;
    EXPECT_TRUE(open_redis(with));
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
