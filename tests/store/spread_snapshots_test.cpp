#include "engine/base/digest.hpp"
#include "engine/store/redis/migration.hpp"
#include "engine/store/redis/redis_store.hpp"
#include "tests/store/support/clustered_site.hpp"

/// Snapshots in a Redis Cluster, whose pieces lie with all masters.
namespace kindred::store {
namespace {

using namespace samples;
using std::chrono::milliseconds;

class spread_snapshots : public clustered {
protected:
    static constexpr std::size_t tickets = 40;

    /// A site of which a snapshot of some sixteen pieces is there, and no node has a copy.
    void move_into(const redis_options& to) const {
        sqlite_options file;
        file.path = folder_.file("one.db");
        {
            const auto store = open_sqlite(file).value();
            for (std::uint64_t number = 1; number <= tickets; ++number) {
                auto said = contact(number);
                said.entries.front().json = "{\"text\":\"" + to_base64(random_bytes(400'000)) + "\"}";
                ASSERT_EQ(store->commit(said).state, commit_state::committed);
            }
        }
        const auto moved = move_into_redis(file, to);
        ASSERT_TRUE(moved) << moved.error().message;
    }
    kindred::redis::reply ask_site(const kindred::redis::command& said) {
        kindred::redis::client over({}, cluster_.settings(slot_of_site("main")));
        return over.ask(said).value();
    }
    std::string field(const std::string& name) { return ask_site({"HGET", "kindred:{main}:snapshot", name}).text; }
    std::vector<std::string> pieces_at(std::size_t master) {
        std::vector<std::string> found;
        for (const auto& each : cluster_.say(master, {"KEYS", "kindred:{main/*"}).list) found.push_back(each.text);
        return found;
    }
    std::vector<std::string> pieces() {
        std::vector<std::string> found;
        for (std::size_t i = 0; i < redis_cluster::masters; ++i)
            for (auto& each : pieces_at(i)) found.push_back(std::move(each));
        return found;
    }
    static std::size_t owner_of(const std::string& key) { return redis_cluster::owner(kindred::redis::slot_of(key)); }
    static std::size_t open_tickets(store& at) { return load(at).open.size(); }
    /// Not the one that has the site's own keys.
    static std::size_t another_master() {
        return (redis_cluster::owner(slot_of_site("main")) + 1) % redis_cluster::masters;
    }

    redis_cluster cluster_;
};

TEST_F(spread_snapshots, lie_with_all_masters_and_a_new_node_begins_with_them) {
    move_into(options(cluster_, "mover"));
    std::size_t all = 0;
    for (std::size_t i = 0; i < redis_cluster::masters; ++i) {
        const auto here = pieces_at(i);
        EXPECT_GT(here.size(), 0U) << i;
        all += here.size();
        for (const auto& each : here) EXPECT_EQ(cluster_.say(i, {"PTTL", each}).number, -1) << each;
    }
    EXPECT_EQ(std::to_string(all), field("pieces"));
    EXPECT_EQ(ask_site({"KEYS", "kindred:{main}:snapshot:*"}).list.size(), 0U);
    EXPECT_EQ(standing_of(options(cluster_, "asks")).value().snapshot_pieces, all);
    EXPECT_EQ(standing_of(options(cluster_, "asks")).value().snapshot_lacks, 0U);
    EXPECT_EQ(open_tickets(*leading(options(cluster_, "first"))), tickets);
}

TEST_F(spread_snapshots, are_read_while_slots_of_theirs_move) {
    move_into(options(cluster_, "mover"));
    // Of the first master one piece goes for good, and one is on its way.
    const auto here = pieces_at(0);
    ASSERT_GE(here.size(), 2U);
    cluster_.move(kindred::redis::slot_of(here[0]), 0, 1);
    const auto midway = kindred::redis::slot_of(here[1]);
    cluster_.begin_move(midway, 0, 2);
    while (cluster_.move_keys(midway, 0, 2, 100) != 0) {
    }
    const auto with = options(cluster_, "first");
    EXPECT_EQ(open_tickets(*leading(with)), tickets);
    EXPECT_GT(with.figures->calls->refusals_of(kindred::redis::refusal::ask), 0U);
    cluster_.end_move(midway, 0, 2);
    EXPECT_EQ(open_tickets(*leading(options(cluster_, "second"))), tickets);
}

TEST_F(spread_snapshots, are_named_once_all_of_them_is_there_though_a_master_was_away) {
    move_into(options(cluster_, "mover"));
    const auto old = field("id");
    auto with = options(cluster_, "first");
    with.snapshot_bytes = 1;
    with.server.answer_within = milliseconds{500};
    const auto first = leading(with);
    cluster_.server(another_master()).kill();
    until_settled(*first, contact(tickets + 1));
    const auto before = with.figures->calls->unknown() + with.figures->calls->connects();
    // It tries while the master is away; what is there goes on to count, and so does the log behind it.
    while (with.figures->calls->unknown() + with.figures->calls->connects() < before + 2) {
    }
    EXPECT_EQ(with.figures->snapshots, 0U);
    EXPECT_EQ(field("id"), old);
    EXPECT_EQ(standing_of(with).value().snapshot_lacks, std::nullopt) << "it cannot be told";
    auto late = options(cluster_, "second");
    const auto second = open_redis(late).value();
    EXPECT_FALSE(second->lead(milliseconds{10})) << "a part of what it needs is away";
    cluster_.server(another_master()).start();
    while (with.figures->snapshots == 0) {
    }
    EXPECT_NE(field("id"), old);
    EXPECT_EQ(standing_of(with).value().snapshot_lacks, 0U);
    while (!second->ticket(ticket_id{tickets + 1})) (void)second->lead(milliseconds{10});
    EXPECT_TRUE(second->ticket(ticket_id{1}));
}

TEST_F(spread_snapshots, that_lost_a_piece_are_told_of_and_replaced_by_the_node_that_leads) {
    move_into(options(cluster_, "mover"));
    auto with = options(cluster_, "first");
    with.look_at_pieces = milliseconds{10};
    EXPECT_EQ(open_tickets(*leading(with)), tickets);
    EXPECT_EQ(with.figures->snapshots_broken, 0U);
    const auto lost = pieces().front();
    cluster_.say(owner_of(lost), {"DEL", lost});

    EXPECT_EQ(standing_of(with).value().snapshot_lacks, 1U);
    const auto late = options(cluster_, "second");
    {
        const auto second = open_redis(late).value();
        result<bool> leads = false;
        while (leads) leads = second->lead(milliseconds{10});
        EXPECT_EQ(leads.error().code, errc::unavailable);
        EXPECT_NE(leads.error().message.find("not whole: it lacks 1"), std::string::npos) << leads.error().message;
    }
    const auto first = leading(with);
    while (with.figures->snapshots == 0) {
    }
    EXPECT_EQ(with.figures->snapshots_broken, 1U);
    EXPECT_EQ(standing_of(with).value().snapshot_lacks, 0U);
    const auto second = open_redis(late).value();
    while (!second->ticket(ticket_id{tickets})) (void)second->lead(milliseconds{10});

    // And one that is about to go, as where a failover brought the name of a replaced one back.
    const auto before = field("id");
    for (const auto& each : pieces())
        if (each.find(before) != std::string::npos) cluster_.say(owner_of(each), {"EXPIRE", each, "600"});
    while (with.figures->snapshots < 2) {
    }
    EXPECT_EQ(with.figures->snapshots_broken, 2U);
    EXPECT_NE(field("id"), before);
}

TEST_F(spread_snapshots, of_an_earlier_version_are_read_and_replaced) {
    move_into(options(cluster_, "mover"));
    const auto id = field("id");
    const auto count = std::stoull(field("pieces"));
    for (std::size_t i = 0; i < count; ++i) {
        const auto now = "kindred:{main/" + id + "/" + std::to_string(i) + "}:piece";
        const auto bytes = cluster_.say(owner_of(now), {"GET", now}).text;
        ask_site({"SET", "kindred:{main}:snapshot:" + id.substr(1) + ":" + std::to_string(i), bytes});
        cluster_.say(owner_of(now), {"DEL", now});
    }
    ask_site({"HSET", "kindred:{main}:snapshot", "id", id.substr(1)});
    ask_site({"DEL", "kindred:{main}:snapshots"});
    auto with = options(cluster_, "first");
    with.snapshot_bytes = 1;
    auto first = leading(with);
    EXPECT_EQ(open_tickets(*first), tickets);
    EXPECT_EQ(standing_of(with).value().snapshot_lacks, 0U);
    until_settled(*first, contact(tickets + 1));
    while (with.figures->snapshots == 0) {
    }
    EXPECT_GT(ask_site({"PTTL", "kindred:{main}:snapshot:" + id.substr(1) + ":0"}).number, 0) << "it goes by itself";
    first.reset();
    EXPECT_EQ(open_tickets(*leading(options(cluster_, "third"))), tickets + 1);
}

}  // namespace
}  // namespace kindred::store
