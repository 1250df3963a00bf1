#include "tests/store/support/shared_site.hpp"

/// Several batches on their way to a shared site at once.
namespace kindred::store {
namespace {

using namespace samples;
using std::chrono::milliseconds;

class pipelined_site : public shared_site {
protected:
    using batches_in_order = std::vector<std::shared_ptr<const batch>>;

    static batches_in_order contacts(std::uint64_t first, std::uint64_t last) {
        batches_in_order made;
        for (auto number = first; number <= last; ++number)
            made.push_back(std::make_shared<const batch>(contact(number)));
        return made;
    }
    redis_options impatient() const {
        auto with = options("first");
        with.server.answer_within = milliseconds{100};
        return with;
    }
    /// As the committer does: from the first on that is not committed.
    static commit_outcome until_settled(store& into, batches_in_order batches) {
        std::span<const std::shared_ptr<const batch>> left = batches;
        while (true) {
            const auto done = into.commit_in_turn(left);
            left = left.subspan(done.committed);
            const bool again = done.then.state == commit_state::refused || done.then.state == commit_state::unknown;
            if (!again) return done.then;
        }
    }
    std::vector<std::string> ids_in_log() {
        std::vector<std::string> found;
        for (const auto& each : say({"XRANGE", key("log"), "-", "+"}).list) found.push_back(each.list[1].list[5].text);
        return found;
    }
    static std::vector<std::string> ids(std::uint64_t last) {
        std::vector<std::string> made;
        for (std::uint64_t number = 1; number <= last; ++number)
            made.push_back("01010101010101010101010101010101." + std::to_string(number));
        return made;
    }
    std::uint64_t used_memory() {
        const auto all = say({"INFO", "memory"}).text;
        return std::stoull(all.substr(all.find("used_memory:") + 12));
    }
};

TEST_F(pipelined_site, has_them_in_their_order_and_so_has_every_copy) {
    const auto with = options("first");
    auto first = leading(with);
    ASSERT_GT(first->commits_at_once(), 1U);
    ASSERT_EQ(first->commit_in_turn(contacts(1, 40)).committed, 40U);
    EXPECT_EQ(ids_in_log(), ids(40));
    EXPECT_EQ(first->entries(ticket_id{40}, 0, 10).value(), contact(40).entries) << "its own copy has them at once";
    first.reset();
    EXPECT_EQ(load(*leading("second")).open.size(), 40U);
    first = leading(with);
    EXPECT_EQ(load(*first).open.size(), 40U);
    EXPECT_EQ(with.figures->copies_set_aside, 0U);
    EXPECT_EQ(with.figures->batches_put_back, 0U);
}

TEST_F(pipelined_site, whose_answers_were_lost_has_each_of_them_once) {
    auto first = leading(impatient());
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    server_.freeze();
    const auto held = first->commit_in_turn(contacts(2, 6));
    EXPECT_EQ(held.committed, 0U);
    EXPECT_EQ(held.then.state, commit_state::unknown);
    server_.thaw();
    EXPECT_EQ(until_settled(*first, contacts(2, 6)).state, commit_state::committed);
    EXPECT_EQ(ids_in_log(), ids(6));
    EXPECT_EQ(first->commit_in_turn(contacts(7, 8)).committed, 2U) << "and goes on behind them";
    EXPECT_EQ(ids_in_log(), ids(8));
    EXPECT_EQ(load(*first).open.size(), 8U);
    first.reset();
    EXPECT_EQ(load(*leading("second")).open.size(), 8U);
}

TEST_F(pipelined_site, that_kept_only_the_first_of_them_gets_the_others_behind_it) {
    auto first = leading(impatient());
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    server_.freeze();
    ASSERT_EQ(first->commit_in_turn(contacts(2, 4)).then.state, commit_state::unknown);
    server_.thaw();
    while (batches() != 4) {
    }
    // As on a replica that had heard of one of the three.
    for (const auto* seq : {"4-0", "3-0"}) say({"XDEL", key("log"), seq});
    say({"XSETID", key("log"), "2-0"});
    say({"HSET", key("head"), "seq", "2", "last", ids(2).back()});
    say({"HSET", key("writers"), ids(1)[0].substr(0, 32), "2"});
    EXPECT_EQ(until_settled(*first, contacts(2, 4)).state, commit_state::committed);
    EXPECT_EQ(ids_in_log(), ids(4));
    EXPECT_FALSE(first->was_fenced());
    EXPECT_EQ(load(*first).open.size(), 4U);
}

TEST_F(pipelined_site, tells_one_that_was_there_long_ago_from_a_rollback) {
    const auto with = options("first");
    const auto first = leading(with);
    ASSERT_EQ(first->commit_in_turn(contacts(1, 5)).committed, 5U);
    auto mixed = contacts(2, 2);
    for (const auto& each : contacts(6, 7)) mixed.push_back(each);
    const auto done = first->commit_in_turn(mixed);
    EXPECT_EQ(done.then.state, commit_state::committed) << done.then.reason;
    EXPECT_EQ(done.committed, 3U);
    EXPECT_EQ(ids_in_log(), ids(7));
    EXPECT_EQ(with.figures->rollbacks, 0U);
}

TEST_F(pipelined_site, that_lost_what_was_before_them_gets_that_back_first) {
    const auto with = options("first");
    const auto first = leading(with);
    ASSERT_EQ(first->commit_in_turn(contacts(1, 5)).committed, 5U);
    for (const std::uint64_t seq : {5U, 4U}) lose_last_batch(seq, ids(seq - 1).back());
    EXPECT_EQ(first->commit_in_turn(contacts(6, 9)).committed, 4U);
    EXPECT_EQ(ids_in_log(), ids(9));
    EXPECT_EQ(with.figures->rollbacks, 1U);
    EXPECT_EQ(with.figures->batches_put_back, 2U);
}

TEST_F(pipelined_site, that_refuses_one_has_nothing_that_was_behind_it) {
    const auto first = leading("first");
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    constexpr std::size_t large = 200'000;
    constexpr std::size_t many = 16;
    batches_in_order batches;
    for (std::uint64_t number = 2; number < 2 + many; ++number) {
        auto each = contact(number);
        each.entries[0].json.assign(large, 'x');
        batches.push_back(std::make_shared<const batch>(each));
    }
    // Room for some of them, and not for all.
    say({"CONFIG", "SET", "maxmemory", std::to_string(used_memory() + large * many / 2)});
    const auto done = first->commit_in_turn(batches);
    EXPECT_GT(done.committed, 0U);
    ASSERT_LT(done.committed, many);
    EXPECT_EQ(done.then.state, commit_state::refused);
    EXPECT_NE(done.then.reason.find("OOM"), std::string::npos) << done.then.reason;
    EXPECT_EQ(ids_in_log(), ids(1 + done.committed));
    EXPECT_TRUE(first->ticket(ticket_id{1 + done.committed}));
    EXPECT_FALSE(first->ticket(ticket_id{2 + done.committed}));
    say({"CONFIG", "SET", "maxmemory", "0"});
    EXPECT_EQ(first->commit_in_turn(std::span(batches).subspan(done.committed)).committed, many - done.committed);
    EXPECT_EQ(ids_in_log(), ids(1 + many));
}

TEST_F(pipelined_site, takes_none_of_them_once_another_node_leads) {
    const auto first = leading("first");
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    end_lease();
    const auto second = leading("second");
    const auto done = first->commit_in_turn(contacts(2, 4));
    EXPECT_EQ(done.committed, 0U);
    EXPECT_EQ(done.then.state, commit_state::fenced);
    EXPECT_TRUE(first->was_fenced());
    EXPECT_EQ(batches(), 1);
}

TEST_F(pipelined_site, counts_none_of_them_before_enough_replicas_have_all) {
    auto with = options("first");
    with.wait_replicas = 1;
    with.wait_within = milliseconds{50};
    const auto first = leading(with);
    const auto alone = first->commit_in_turn(contacts(1, 3));
    EXPECT_EQ(alone.committed, 0U);
    EXPECT_EQ(alone.then.state, commit_state::unknown);
    EXPECT_FALSE(first->ticket(ticket_id{1})) << "nothing of them is shown";
    const kindred::redis::redis_server replica({"--replicaof", "127.0.0.1 " + std::to_string(server_.port())});
    EXPECT_EQ(until_settled(*first, contacts(1, 3)).state, commit_state::committed);
    EXPECT_EQ(ids_in_log(), ids(3));
    EXPECT_TRUE(first->ticket(ticket_id{3}));
}

TEST_F(shared_site, a_snapshot_lacks_the_last_moments_and_the_log_keeps_them) {
    auto with = options("first");
    with.copy.follow_every = std::chrono::minutes{10};
    with.copy.follow_bytes = 100'000;
    with.snapshot_bytes = 300'000;
    auto first = leading(with);
    std::uint64_t number = 0;
    while (with.figures->snapshots < 2) {
        ASSERT_EQ(with.figures->snapshots_failed, 0U);
        auto each = contact(++number);
        each.entries[0].json.assign(40'000, 'x');
        ASSERT_EQ(first->commit(each).state, commit_state::committed);
    }
    first.reset();
    EXPECT_LT(batches(), static_cast<std::int64_t>(number));
    EXPECT_EQ(load(*leading("late")).open.size(), number);
}

}  // namespace
}  // namespace kindred::store
