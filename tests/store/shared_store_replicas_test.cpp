#include "tests/store/support/shared_site.hpp"

/// A site whose writes must reach two replicas before they count.
namespace kindred::store {
namespace {

using namespace samples;
using kindred::redis::redis_server;
using std::chrono::milliseconds;

class two_replicas : public shared_site {
protected:
    static std::vector<std::string> of(const redis_server& master) {
        return {"--replicaof", "127.0.0.1 " + std::to_string(master.port())};
    }
    two_replicas() {
        while (say({"INFO", "replication"}).text.find("connected_slaves:2") == std::string::npos) {
        }
        for (const auto* each : {"slave0:", "slave1:"})
            while (line_of(each).find("state=online") == std::string::npos) {
            }
    }
    std::string line_of(const std::string& name) {
        const auto text = say({"INFO", "replication"}).text;
        const auto at = text.find(name);
        return at == std::string::npos ? std::string() : text.substr(at, text.find('\n', at) - at);
    }
    redis_options careful(const std::string& node) const {
        auto made = options(node);
        made.wait_replicas = 2;
        made.wait_within = milliseconds{100};
        return made;
    }
    static std::int64_t batches_at(const redis_server& server) {
        kindred::redis::client at(settings_of(server));
        return at.ask({"XLEN", key("log")}).value().number;
    }
    static commit_outcome until_settled(store& at, const batch& changes) {
        commit_outcome outcome;
        do outcome = at.commit(changes);
        while (outcome.state == commit_state::refused || outcome.state == commit_state::unknown);
        return outcome;
    }

    redis_server one_{of(server_)};
    redis_server other_{of(server_)};
};

TEST_F(two_replicas, a_batch_that_counts_is_on_both) {
    auto with = careful("first");
    with.wait_within = milliseconds{20'000};
    const auto first = leading(with);
    for (std::uint64_t number = 1; number <= 20; ++number) {
        ASSERT_EQ(first->commit(contact(number)).state, commit_state::committed);
        EXPECT_EQ(batches_at(one_), static_cast<std::int64_t>(number));
        EXPECT_EQ(batches_at(other_), static_cast<std::int64_t>(number));
    }
    EXPECT_EQ(with.figures->shortfalls, 0U);
}

TEST_F(two_replicas, one_of_them_is_too_few_and_the_batch_is_there_once_when_the_other_is_back) {
    const auto with = careful("first");
    const auto first = leading(with);
    ASSERT_EQ(until_settled(*first, contact(1)).state, commit_state::committed);
    const auto before = with.figures->shortfalls.load();
    other_.freeze();
    const auto held = first->commit(contact(2));
    EXPECT_EQ(held.state, commit_state::unknown);
    EXPECT_NE(held.reason.find("only 1 of 2 replicas"), std::string::npos) << held.reason;
    EXPECT_EQ(with.figures->shortfalls, before + 1);
    EXPECT_FALSE(first->ticket(ticket_id{2})) << "nothing of it is shown";
    EXPECT_EQ(first->ingest(std::vector{item(9)}).error().code, errc::unknown);
    other_.thaw();
    EXPECT_EQ(until_settled(*first, contact(2)).state, commit_state::committed);
    EXPECT_EQ(batches(), 2);
    EXPECT_EQ(batches_at(one_), 2);
    EXPECT_EQ(batches_at(other_), 2);
    EXPECT_EQ(load(*first).small.undecided.size(), 1U) << "a provider that sent it again finds it taken in";
    EXPECT_TRUE(first->ingest(std::vector{item(9)}).value()[0].duplicate);
}

TEST_F(two_replicas, whichever_of_them_takes_the_masters_place_has_all_that_counted) {
    auto with = careful("first");
    with.wait_within = milliseconds{20'000};
    {
        const auto first = leading(with);
        for (std::uint64_t number = 1; number <= 5; ++number)
            ASSERT_EQ(first->commit(contact(number)).state, commit_state::committed);
        ASSERT_TRUE(first->ingest(std::vector{item(9)}));
    }
    server_.kill();
    for (auto* each : {&one_, &other_}) {
        kindred::redis::client at(settings_of(*each));
        ASSERT_TRUE(at.ask({"REPLICAOF", "NO", "ONE"}));
        auto there = options("node-at-" + std::to_string(each->port()));
        there.server.server.port = each->port();
        const auto next = leading(there);
        const auto all = load(*next);
        EXPECT_EQ(all.open.size(), 5U);
        EXPECT_EQ(all.small.undecided.size(), 1U);
    }
}

}  // namespace
}  // namespace kindred::store
