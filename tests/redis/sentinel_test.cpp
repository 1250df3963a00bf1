#include "engine/redis/client.hpp"
#include "tests/redis/support/redis_server.hpp"

#include <gtest/gtest.h>

namespace kindred::redis {
namespace {

/// A sentinel knows replicas that are there at its first look; the next one comes ten seconds later.
void wait_for_replica(const redis_server& master) {
    connection_settings to;
    to.server.port = master.port();
    client asking(to);
    while (asking.ask({"INFO", "replication"}).value().text.find("state=online") == std::string::npos) {
    }
}

TEST(Sentinel, SaysWhichServerIsTheMasterBeforeAndAfterAFailover) {
    redis_server master;
    const redis_server replica({"--replicaof", "127.0.0.1 " + std::to_string(master.port())});
    wait_for_replica(master);
    const redis_server sentinel(redis_server::watches{master.port()});
    sentinel_settings by;
    by.servers = {{"127.0.0.1", 1}, {"127.0.0.1", sentinel.port()}};
    client over({}, by);
    ASSERT_TRUE(over.ask({"SET", "key", "before"}));
    // It must have heard of the replica before the master goes, or it has nobody to promote.
    client watching([&] {
        connection_settings settings;
        settings.server.port = sentinel.port();
        return settings;
    }());
    while (watching.ask({"SENTINEL", "replicas", "mymaster"}).value().list.empty()) {
    }
    ASSERT_EQ(over.call(std::vector<command>{{"SET", "key", "kept"}, {"WAIT", "1", "20000"}}, std::chrono::seconds{30})
                  .value()[1]
                  .number,
              1);
    master.kill();
    result<reply> said = fail(errc::unavailable, "");
    while (!said) said = over.ask({"GET", "key"});
    EXPECT_EQ(said->text, "kept");
    EXPECT_TRUE(over.ask({"SET", "key", "after"})) << "the replica has become a master";
}

TEST(Sentinel, ThatHasNotHeardOfTheLatestFailoverIsNotBelieved) {
    const redis_server before;
    const redis_server now;
    const redis_server late(redis_server::watches{before.port(), 1});
    const redis_server informed(redis_server::watches{now.port(), 2});
    sentinel_settings by;
    by.servers = {{"127.0.0.1", late.port()}, {"127.0.0.1", 1}, {"127.0.0.1", informed.port()}};
    const tls::stop_bell bell;
    for (int order = 0; order < 2; ++order) {
        const auto found = find_master(by, bell);
        ASSERT_TRUE(found) << found.error().message;
        EXPECT_EQ(found->port, now.port());
        std::swap(by.servers.front(), by.servers.back());
    }
}

TEST(Sentinel, ThatKnowsNoSuchMasterIsNoHelp) {
    const redis_server master;
    const redis_server sentinel(redis_server::watches{master.port()});
    sentinel_settings by;
    by.servers = {{"127.0.0.1", sentinel.port()}};
    by.master = "another";
    client over({}, by);
    const auto said = over.ask({"PING"});
    ASSERT_FALSE(said);
    EXPECT_EQ(said.error().code, errc::unavailable);
    EXPECT_NE(said.error().message.find("knows no master \"another\""), std::string::npos) << said.error().message;
}

TEST(Sentinel, AReplicaThatWasAMasterIsLeft) {
    const redis_server first;
    redis_server second({"--replicaof", "127.0.0.1 " + std::to_string(first.port())});
    wait_for_replica(first);
    const redis_server sentinel(redis_server::watches{first.port()});
    sentinel_settings by;
    by.servers = {{"127.0.0.1", sentinel.port()}};
    client over({}, by);
    ASSERT_TRUE(over.ask({"SET", "key", "1"}));
    connection_settings direct;
    direct.server.port = sentinel.port();
    client watching(direct);
    while (watching.ask({"SENTINEL", "replicas", "mymaster"}).value().list.empty()) {
    }
    while (!watching.ask({"SENTINEL", "failover", "mymaster"})) {
    }
    // The old master answers on, and refuses; the client finds the new one by itself.
    for (bool moved = false; !moved;) {
        connection_settings to;
        to.server.port = second.port();
        client there(to);
        const auto role = there.ask({"ROLE"});  // whoever becomes a master hangs up on everybody
        moved = role && role->list[0].text == "master";
    }
    result<reply> said = fail(errc::unavailable, "");
    while (!said) said = over.ask({"SET", "key", "2"});
    EXPECT_EQ(said->text, "OK");
}

}  // namespace
}  // namespace kindred::redis
