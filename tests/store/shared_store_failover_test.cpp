#include "tests/store/support/shared_site.hpp"

/// What failovers of Redis do beside what one expects of them (tools/chaos found it).
namespace kindred::store {
namespace {

using namespace samples;
using std::chrono::milliseconds;

TEST_F(shared_site, a_master_that_was_replaced_is_left_though_it_answers) {
    const auto follows = [](std::uint16_t port) {
        return std::vector<std::string>{"--replicaof", "127.0.0.1 " + std::to_string(port)};
    };
    const kindred::redis::redis_server second(follows(server_.port()));
    const kindred::redis::redis_server third(follows(second.port()));
    const kindred::redis::redis_server sentinel(kindred::redis::redis_server::watches{server_.port()});
    auto with = options("first");
    with.sentinels = {{"127.0.0.1", sentinel.port()}};
    with.wait_replicas = 1;
    with.wait_within = milliseconds{100};
    auto first = leading(with);
    while (first->commit(contact(1)).state != commit_state::committed) {
    }
    // What a failover does first; the old master is told last, seconds later, and takes writes until then.
    kindred::redis::client promoted(settings_of(second));
    ASSERT_TRUE(promoted.ask({"REPLICAOF", "NO", "ONE"}));
    kindred::redis::client watching(settings_of(sentinel));
    ASSERT_TRUE(watching.ask({"SENTINEL", "REMOVE", "mymaster"}));
    ASSERT_TRUE(watching.ask({"SENTINEL", "MONITOR", "mymaster", "127.0.0.1", std::to_string(second.port()), "1"}));
    constexpr int most = 50;
    commit_outcome outcome{commit_state::unknown, {}};
    for (int tries = 0; tries < most && outcome.state != commit_state::committed; ++tries)
        outcome = first->commit(contact(2));
    EXPECT_EQ(outcome.state, commit_state::committed) << outcome.reason;
    EXPECT_EQ(promoted.ask({"XLEN", key("log")}).value().number, 2);
}

}  // namespace
}  // namespace kindred::store
