#include "engine/store/redis/redis_store.hpp"
#include "engine/store/redis/snapshots.hpp"
#include "tests/store/support/shared_site.hpp"

#include <fstream>
#include <sstream>

/// What is erased leaves Redis, too.
namespace kindred::store {
namespace {

using namespace samples;
using std::chrono::milliseconds;

constexpr std::string_view said = "Nobody else may ever read this: pelargonium";
constexpr std::string_view who = "Quillfeather, Persephone";

class erasure : public shared_site {
protected:
    erasure() { say({"CONFIG", "SET", "rdbcompression", "no"}); }  // so that DUMP shows bytes as they are in memory

    /// Ticket 1 is somebody's who is to be erased, taken in first and decided then.
    static void take_in(store& at) {
        auto told = item(1);
        told.payload = said;
        const auto placed = at.ingest(std::vector{told, item(40)}).value();
        auto made = contact(1);
        made.consumed = {placed[0].position};
        made.customers[0].name = who;
        made.tickets[0].subject = said;
        made.entries[0].json = R"({"text":")" + std::string(said) + "\"}";
        ASSERT_EQ(at.commit(made).state, commit_state::committed);
    }
    static void erase(store& at, std::uint64_t number) {
        auto over = contact(1);
        over.id = id_of(number);
        over.keys.clear();
        over.entries.clear();
        over.journal.reset();
        over.tickets[0].status = ticket_status::resolved;
        over.tickets[0].subject.clear();
        over.customers[0].name.clear();
        over.identities[0].customer = {};
        over.erased = {ticket_id{1}};
        ASSERT_EQ(at.commit(over).state, commit_state::committed);
    }
    /// All that the site's keys hold, its snapshot unpacked.
    std::string all_of_redis(const redis_options& with) {
        std::string all;
        for (const auto& each : say({"KEYS", "kindred:*"}).list) all += say({"DUMP", each.text}).text;
        redis::site_log log(redis::place_of(with), "test");
        redis::snapshots from(log, redis::place_of(with));
        const auto newest = from.newest().value();
        if (!newest) return all;
        const auto file = folder_.file("unpacked");
        EXPECT_TRUE(from.fetch(*newest, file));
        std::ostringstream bytes;
        bytes << std::ifstream(file, std::ios::binary).rdbuf();
        return all + bytes.str();
    }
    bool has(const redis_options& with, std::string_view words) {
        return all_of_redis(with).find(words) != std::string::npos;
    }
};

TEST_F(erasure, takes_every_byte_out_of_log_inbox_and_snapshot) {
    auto with = options("first");
    with.erase_within = milliseconds{1};
    const auto first = leading(with);
    take_in(*first);
    ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    EXPECT_TRUE(has(with, said));
    EXPECT_TRUE(has(with, who));
    erase(*first, 3);
    while (with.figures->snapshots == 0) {
    }
    EXPECT_FALSE(has(with, said));
    EXPECT_FALSE(has(with, who));
    EXPECT_FALSE(has(with, identity(1).identity));
    EXPECT_EQ(load(*first).small.undecided.size(), 1U) << "what is not decided stays";
    ASSERT_EQ(first->commit(contact(4)).state, commit_state::committed);
    const auto second = open_redis(options("second")).value();
    EXPECT_FALSE(second->lead(shortly).value());
    while (!second->ticket(ticket_id{4})) EXPECT_FALSE(second->lead(shortly).value());
    EXPECT_TRUE(second->ticket(ticket_id{2}));
    EXPECT_FALSE(second->ticket(ticket_id{1}));
}

TEST_F(erasure, takes_it_out_of_the_snapshot_before_and_from_beside_what_came_meanwhile) {
    auto with = options("first");
    with.snapshot_bytes = 1;
    auto first = leading(with);
    take_in(*first);
    while (with.figures->snapshots == 0) {
    }
    first.reset();
    with.snapshot_bytes = std::size_t{64} << 20;
    with.erase_within = milliseconds{1};
    first = leading(with);
    const auto before = with.figures->snapshots.load();
    erase(*first, 2);
    for (std::uint64_t number = 3; number <= 60; ++number)
        ASSERT_EQ(first->commit(contact(number)).state, commit_state::committed);
    while (with.figures->snapshots == before) {
    }
    EXPECT_FALSE(has(with, said));
    EXPECT_FALSE(has(with, who));
    first.reset();
    EXPECT_EQ(load(*leading("second")).open.size(), 58U);
}

TEST_F(erasure, is_owed_by_whoever_leads_next_where_the_node_ended_before) {
    auto with = options("first");
    with.erase_within = std::chrono::hours{1};
    auto first = leading(with);
    take_in(*first);
    ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    erase(*first, 3);
    while (say({"HLEN", key("owed")}).number == 0) {
    }
    first.reset();
    EXPECT_TRUE(has(with, said));
    auto next = options("second");
    next.erase_within = milliseconds{1};
    const auto second = leading(next);
    while (next.figures->snapshots == 0) {
    }
    EXPECT_FALSE(has(next, said));
    EXPECT_FALSE(has(next, who));
    while (say({"HLEN", key("owed")}).number != 0) {
    }
}

TEST_F(erasure, takes_away_what_an_unfinished_snapshot_left) {
    auto with = options("first");
    with.erase_within = milliseconds{1};
    const auto first = leading(with);
    take_in(*first);
    ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    // As a node leaves it that ends between two steps; the first is of one that was replaced a moment ago.
    for (const auto* id : {"0123456789abcdef", "fedcba9876543210"}) {
        say({"HSET", key("snapshots"), id, "7"});
        say({"SET", key("snapshot:" + std::string(id) + ":3"), std::string(who)});
    }
    erase(*first, 3);
    while (with.figures->snapshots == 0) {
    }
    EXPECT_FALSE(has(with, who));
    EXPECT_EQ(say({"HLEN", key("snapshots")}).number, 1) << "of those that are there";
}

}  // namespace
}  // namespace kindred::store
