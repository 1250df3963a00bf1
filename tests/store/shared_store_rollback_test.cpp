#include "tests/store/support/shared_site.hpp"

#include <filesystem>
#include <set>

/// A Redis that lacks what it had confirmed, as after a failover to a replica that lagged.
namespace kindred::store {
namespace {

using namespace samples;
using kindred::redis::redis_server;

const std::string after_one = "01010101010101010101010101010101.1";

class rollback : public shared_site {
protected:
    void forget_tail(const std::string& node) const {
        for (const auto* half : {"0", "1"}) std::filesystem::remove(folder_.file(node + "/copy.db-tail") + half);
    }
    std::size_t set_aside(const std::string& node) const {
        std::size_t found = 0;
        for (const auto& file : std::filesystem::directory_iterator(folder_.file(node)))
            found += file.path().string().ends_with("-tail0") &&
                             file.path().string().find("copy.db.aside-") != std::string::npos
                         ? 1
                         : 0;
        return found;
    }
    std::vector<std::string> ids_in_log() {
        std::vector<std::string> found;
        for (const auto& each : say({"XRANGE", key("log"), "-", "+"}).list) found.push_back(each.list[1].list[5].text);
        return found;
    }
};

TEST_F(rollback, a_leader_puts_back_what_redis_lost_and_goes_on_without_a_pause) {
    const auto with = options("first");
    const auto first = leading(with);
    for (std::uint64_t number = 1; number <= 5; ++number)
        ASSERT_EQ(first->commit(contact(number)).state, commit_state::committed);
    const auto before = ids_in_log();
    for (const std::uint64_t seq : {5U, 4U, 3U}) lose_last_batch(seq, "");
    lose_last_batch(2, after_one);
    ASSERT_EQ(batches(), 1);
    EXPECT_EQ(first->commit(contact(6)).state, commit_state::committed);
    auto now = ids_in_log();
    ASSERT_EQ(now.size(), 6U);
    now.pop_back();
    EXPECT_EQ(now, before) << "the same batches in their places";
    EXPECT_FALSE(first->was_fenced());
    EXPECT_EQ(with.figures->rollbacks, 1U);
    EXPECT_EQ(with.figures->batches_put_back, 4U);
    EXPECT_EQ(with.figures->contacts_repaired, 4U);
    EXPECT_EQ(first->commit(contact(3)).state, commit_state::committed) << "sent again it is there already";
    EXPECT_EQ(batches(), 6);
    EXPECT_EQ(load(*first).open.size(), 6U);
}

TEST_F(rollback, a_node_puts_back_what_redis_lost_while_it_was_stopped) {
    {
        const auto first = leading("first");
        ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
        ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    }
    lose_last_batch(2, after_one);
    const auto with = options("first");
    const auto again = leading(with);
    EXPECT_TRUE(again->ticket(ticket_id{2}));
    EXPECT_EQ(batches(), 2);
    EXPECT_EQ(with.figures->contacts_repaired, 1U);
    EXPECT_EQ(set_aside("first"), 0U);
    EXPECT_EQ(again->commit(contact(3)).state, commit_state::committed);
    EXPECT_EQ(load(*again).open.size(), 3U);
}

TEST_F(rollback, a_follower_that_takes_over_puts_back_what_it_had_read) {
    auto first = leading("first");
    const auto with = options("second");
    const auto second = open_redis(with).value();
    for (std::uint64_t number = 1; number <= 3; ++number)
        ASSERT_EQ(first->commit(contact(number)).state, commit_state::committed);
    while (!second->ticket(ticket_id{3})) ASSERT_FALSE(second->lead(shortly).value());
    // The leader's machine is lost with the master.
    first.reset();
    std::filesystem::remove_all(folder_.file("first"));
    lose_last_batch(3, "");
    lose_last_batch(2, after_one);
    while (!second->lead(shortly).value()) {
    }
    EXPECT_EQ(batches(), 3);
    EXPECT_EQ(load(*second).open.size(), 3U);
    EXPECT_EQ(with.figures->batches_put_back, 2U);
}

TEST_F(rollback, a_follower_that_is_ahead_waits_for_the_leader_to_put_it_back) {
    const auto first = leading("first");
    const auto with = options("second");
    const auto second = open_redis(with).value();
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    while (!second->ticket(ticket_id{2})) ASSERT_FALSE(second->lead(shortly).value());
    lose_last_batch(2, after_one);
    EXPECT_FALSE(second->lead(shortly).value());
    EXPECT_TRUE(second->ticket(ticket_id{2})) << "its copy is kept";
    ASSERT_EQ(first->commit(contact(3)).state, commit_state::committed);
    while (!second->ticket(ticket_id{3})) ASSERT_FALSE(second->lead(shortly).value());
    EXPECT_EQ(with.figures->copies_set_aside, 0U);
}

TEST_F(rollback, a_position_that_was_given_again_is_not_taken_from_its_new_item) {
    const auto first = leading("first");
    // A clock that is ahead, so that the places before it are not given by the clock alone.
    constexpr std::uint64_t ahead = 3'000'000'000'000'000;
    say({"HSET", key("head"), "pos", std::to_string(ahead)});
    const auto placed = first->ingest(std::vector{item(1)}).value();
    auto decided = contact(1);
    decided.consumed = {placed[0].position};
    ASSERT_EQ(first->commit(contact(5)).state, commit_state::committed);
    decided.id = id_of(6);
    ASSERT_EQ(first->commit(decided).state, commit_state::committed);
    lose_last_batch(2, "01010101010101010101010101010101.5");
    // As on a replica that had heard of neither: the inbox begins again, somewhere else.
    say({"HSET", key("head"), "pos", std::to_string(ahead)});
    for (const auto* set : {"keys:0", "keys:1", "keys:2", "keys:3", "inbox"}) say({"DEL", key(set)});
    const auto other = open_redis(options("second")).value();
    const auto anew = other->ingest(std::vector{item(2), item(1)}).value();
    ASSERT_EQ(anew[0].position, placed[0].position) << "the number is another item's now";
    auto next = contact(3);
    next.id = id_of(7);
    ASSERT_EQ(first->commit(next).state, commit_state::committed);
    const auto left = load(*first).small.undecided;
    ASSERT_EQ(left.size(), 1U) << "and what the batch had decided is not decided again";
    EXPECT_EQ(left[0].second, item(2));
}

TEST_F(rollback, what_a_node_took_in_and_redis_lost_is_taken_in_again_once) {
    constexpr std::uint64_t many = 250;
    redis_server replica({"--replicaof", "127.0.0.1 " + std::to_string(server_.port())});
    while (say({"INFO", "replication"}).text.find("state=online") == std::string::npos) {
    }
    const redis_server sentinel(redis_server::watches{server_.port()});
    kindred::redis::client watching(settings_of(sentinel));
    while (watching.ask({"SENTINEL", "replicas", "mymaster"}).value().list.empty()) {
    }
    // A replica that was cut off for ten times as long as this is not promoted: a slow machine needs some time.
    ASSERT_TRUE(watching.ask({"SENTINEL", "SET", "mymaster", "down-after-milliseconds", "2000"}));
    auto with = options("second");
    with.sentinels = {{"127.0.0.1", sentinel.port()}};
    auto led = options("first");
    led.sentinels = with.sentinels;
    const auto first = leading(led);
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    const auto second = open_redis(with).value();
    EXPECT_FALSE(second->ingest(std::vector{item(2)}).value()[0].duplicate);
    ASSERT_EQ(say({"WAIT", "1", "20000"}).number, 1);
    kindred::redis::client promoted(settings_of(replica));
    while (promoted.ask({"XLEN", key("inbox")}).value().number != 1) {
    }
    ASSERT_TRUE(promoted.ask({"CONFIG", "SET", "masterauth", "another"}));
    say({"CLIENT", "KILL", "TYPE", "replica"});
    for (std::uint64_t number = 3; number <= many; ++number)
        EXPECT_FALSE(second->ingest(std::vector{item(number)}).value()[0].duplicate);
    ASSERT_EQ(promoted.ask({"XLEN", key("inbox")}).value().number, 1);
    server_.kill();
    // One of them comes again by itself, before the node has noticed.
    result<std::vector<ingest_outcome>> again = fail(errc::unavailable, "");
    while (!again) again = second->ingest(std::vector{item(100)});
    while (with.figures->contacts_repaired == 0) (void)second->lead(shortly);
    EXPECT_EQ(with.figures->contacts_repaired + (again->front().duplicate ? 0U : 1U), many - 2);
    EXPECT_EQ(promoted.ask({"XLEN", key("inbox")}).value().number, static_cast<std::int64_t>(many - 1));
    std::set<std::string> ids;
    for (const auto& each : promoted.ask({"XRANGE", key("inbox"), "-", "+"}).value().list)
        ids.insert(each.list[1].list[3].text);
    EXPECT_EQ(ids.size(), many - 1) << "each is there once";
    EXPECT_EQ(led.figures->contacts_repaired, 0U) << "the other node had taken in nothing";
}

TEST_F(rollback, what_was_lost_though_every_connection_stayed_is_taken_in_again) {
    const auto with = options("second");
    const auto first = leading(options("first"));
    const auto second = open_redis(with).value();
    for (std::uint64_t number = 1; number <= 3; ++number) ASSERT_TRUE(second->ingest(std::vector{item(number)}));
    ASSERT_FALSE(second->lead(shortly).value());
    say({"XTRIM", key("inbox"), "MAXLEN", "0"});
    for (const auto* set : {"keys:0", "keys:1", "keys:2", "keys:3"}) say({"DEL", key(set)});
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (with.figures->contacts_repaired == 0 && std::chrono::steady_clock::now() < until)
        ASSERT_FALSE(second->lead(shortly).value());
    EXPECT_EQ(with.figures->contacts_repaired, 3U);
}

TEST_F(rollback, what_redis_lost_while_the_node_was_stopped_is_taken_in_again) {
    {
        const auto first = open_redis(options("first")).value();
        for (std::uint64_t number = 1; number <= 5; ++number) ASSERT_TRUE(first->ingest(std::vector{item(number)}));
    }
    say({"XTRIM", key("inbox"), "MAXLEN", "0"});
    for (const auto* set : {"keys:0", "keys:1", "keys:2", "keys:3"}) say({"DEL", key(set)});
    const auto with = options("first");
    const auto again = leading(with);
    EXPECT_EQ(with.figures->contacts_repaired, 5U);
    const auto left = load(*again).small.undecided;
    ASSERT_EQ(left.size(), 5U);
    for (std::uint64_t number = 1; number <= 5; ++number) EXPECT_EQ(left[number - 1].second, item(number));
    end_lease();
    EXPECT_EQ(load(*leading("third")).small.undecided.size(), 5U);
}

TEST_F(rollback, who_said_that_it_was_there_already_has_it_too) {
    {
        // Whoever brought it first never heard that it was taken, and then notes nothing.
        const auto first = open_redis(options("first")).value();
        ASSERT_TRUE(first->ingest(std::vector{item(1)}));
        const auto second = open_redis(options("second")).value();
        ASSERT_TRUE(second->ingest(std::vector{item(1)}).value()[0].duplicate);
    }
    say({"XTRIM", key("inbox"), "MAXLEN", "0"});
    for (const auto* set : {"keys:0", "keys:1", "keys:2", "keys:3"}) say({"DEL", key(set)});
    const auto left = load(*leading("second")).small.undecided;
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].second, item(1));
}

TEST_F(rollback, what_was_erased_is_not_taken_in_again) {
    auto with = options("first");
    with.erase_within = std::chrono::milliseconds{0};
    {
        const auto first = leading(with);
        const auto placed = first->ingest(std::vector{item(1)}).value();
        auto decided = contact(1);
        decided.consumed = {placed[0].position};
        ASSERT_EQ(first->commit(decided).state, commit_state::committed);
        auto over = contact(1);
        over.id = id_of(2);
        over.tickets[0].status = ticket_status::resolved;
        over.erased = {ticket_id{1}};
        ASSERT_EQ(first->commit(over).state, commit_state::committed);
        ASSERT_TRUE(first->trim(noon, noon));
    }
    for (const auto& file : std::filesystem::directory_iterator(folder_.file("first")))
        if (file.path().string().find("-taken") != std::string::npos ||
            file.path().string().find("-tail") != std::string::npos)
            EXPECT_EQ(file.file_size(), 0U) << file.path();
}

TEST_F(rollback, a_copy_without_its_last_batches_is_set_aside) {
    {
        const auto first = leading("first");
        ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
        ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    }
    forget_tail("first");
    lose_last_batch(2, after_one);
    const auto with = options("first");
    const auto again = leading(with);
    EXPECT_TRUE(again->ticket(ticket_id{1}));
    EXPECT_FALSE(again->ticket(ticket_id{2}));
    EXPECT_EQ(set_aside("first"), 1U) << "what was lost can be looked at";
    EXPECT_EQ(with.figures->copies_set_aside, 1U);
    EXPECT_EQ(again->commit(contact(3, 2)).state, commit_state::committed);
}

TEST_F(rollback, what_does_not_fit_any_more_because_another_node_wrote_is_told_and_set_aside) {
    {
        const auto first = leading("first");
        ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
        ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    }
    lose_last_batch(2, after_one);
    for (const auto* set : {"keys:0", "keys:1", "keys:2", "keys:3"}) say({"DEL", key(set)});
    ASSERT_EQ(leading("second")->commit(contact(7, 3)).state, commit_state::committed);
    const auto with = options("first");
    const auto again = leading(with);
    EXPECT_FALSE(again->ticket(ticket_id{2}));
    EXPECT_TRUE(again->ticket(ticket_id{7}));
    EXPECT_EQ(with.figures->copies_set_aside, 1U);
    EXPECT_EQ(with.figures->contacts_lost, 2U) << "its own two: the sets that say which keys were used are gone";
    EXPECT_EQ(set_aside("first"), 1U);
}

TEST_F(rollback, a_running_leader_that_cannot_put_it_back_steps_down_and_its_copy_is_not_touched_under_readers) {
    auto first = leading("first");
    ASSERT_EQ(load(*first).open.size(), 0U);
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    // Somebody else wrote where the lost batch was.
    lose_last_batch(2, after_one);
    say({"XADD", key("log"), "2-0", "e", "2", "p", after_one, "i", "another.1", "b", "bytes"});
    say({"HSET", key("head"), "seq", "2", "last", "another.1"});
    const auto next = first->commit(contact(3));
    EXPECT_EQ(next.state, commit_state::fenced);
    EXPECT_NE(next.reason.find("SEQ"), std::string::npos) << next.reason;
    EXPECT_TRUE(first->was_fenced());
    EXPECT_TRUE(first->ticket(ticket_id{2})) << "readers still have it";
}

TEST_F(rollback, a_real_failover_to_a_replica_that_lagged_loses_nothing_that_was_acknowledged) {
    constexpr std::uint64_t many = 100;
    redis_server replica({"--replicaof", "127.0.0.1 " + std::to_string(server_.port())});
    while (say({"INFO", "replication"}).text.find("state=online") == std::string::npos) {
    }
    const redis_server sentinel(redis_server::watches{server_.port()});
    kindred::redis::client watching(settings_of(sentinel));
    while (watching.ask({"SENTINEL", "replicas", "mymaster"}).value().list.empty()) {
    }
    // A replica that was cut off for ten times as long as this is not promoted: a slow machine needs some time.
    ASSERT_TRUE(watching.ask({"SENTINEL", "SET", "mymaster", "down-after-milliseconds", "2000"}));
    auto with = options("first");
    with.sentinels = {{"127.0.0.1", sentinel.port()}};
    const auto first = leading(with);
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    ASSERT_EQ(say({"WAIT", "1", "20000"}).number, 1) << "and then the replica hears nothing more";
    kindred::redis::client promoted(settings_of(replica));
    while (promoted.ask({"XLEN", key("log")}).value().number != 1) {
    }
    // A password that the master does not know: once it is cut off, it does not come back.
    ASSERT_TRUE(promoted.ask({"CONFIG", "SET", "masterauth", "another"}));
    say({"CLIENT", "KILL", "TYPE", "replica"});
    for (std::uint64_t number = 2; number <= many; ++number)
        ASSERT_EQ(first->commit(contact(number)).state, commit_state::committed) << number;
    ASSERT_EQ(promoted.ask({"XLEN", key("log")}).value().number, 1);
    server_.kill();
    commit_outcome next;
    do next = first->commit(contact(many + 1));
    while (next.state == commit_state::refused || next.state == commit_state::unknown);
    ASSERT_EQ(next.state, commit_state::committed) << next.reason;
    EXPECT_EQ(promoted.ask({"XLEN", key("log")}).value().number, static_cast<std::int64_t>(many + 1));
    EXPECT_EQ(with.figures->contacts_repaired, many - 1);
    auto elsewhere = options("second");
    elsewhere.server.server.port = replica.port();
    const auto second = open_redis(elsewhere).value();
    while (!second->ticket(ticket_id{many + 1})) ASSERT_FALSE(second->lead(shortly).value());
    for (std::uint64_t number = 1; number <= many; ++number)
        ASSERT_EQ(second->entries(ticket_id{number}, 0, 10).value().size(), 2U) << "each is there, once";
}

}  // namespace
}  // namespace kindred::store
