#include "engine/store/redis/redis_store.hpp"
#include "engine/store/redis/snapshots.hpp"
#include "tests/store/support/shared_site.hpp"

#include <filesystem>
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
    static batch erasing(std::uint64_t number) {
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
        return over;
    }
    static void erase(store& at, std::uint64_t number) {
        ASSERT_EQ(at.commit(erasing(number)).state, commit_state::committed);
    }
    redis::lease_token token() {
        const auto head = say({"HMGET", key("head"), "epoch", "nonce"}).list;
        return {std::stoull(head[0].text), head[1].text};
    }
    redis::log_end end_of_log() {
        const auto head = say({"HMGET", key("head"), "seq", "last"}).list;
        return {head[0].text.empty() ? 0 : std::stoull(head[0].text), head[1].text};
    }
    /// Under the lease that there is, as by a leader that is killed before it does anything else.
    redis::append_outcome append(redis::site_log& in, const batch& changes) {
        return in.append(token(), end_of_log(), changes);
    }
    std::string owed() { return say({"HGET", key("owed"), "erase"}).text; }
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

TEST_F(erasure, is_owed_by_whoever_leads_next_where_the_node_was_killed_behind_the_batch) {
    auto first = leading("first");
    take_in(*first);
    ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    first.reset();
    auto with = options("second");
    with.erase_within = milliseconds{1};
    {
        redis::site_log killed(redis::place_of(with), "killed");
        ASSERT_TRUE(killed.acquire({"first", "", "its nonce", std::chrono::hours{1}}).value().granted);
        ASSERT_EQ(append(killed, contact(3)).what.state, commit_state::committed);
        EXPECT_EQ(owed(), "") << "nothing was erased";
        const auto before = end_of_log();
        EXPECT_EQ(append(killed, erasing(4)).record.seq, 4U);
        EXPECT_EQ(owed(), "4");
        EXPECT_EQ(killed.append(token(), before, erasing(4)).what.state, commit_state::committed) << "sent again";
        EXPECT_EQ(owed(), "4");
    }
    EXPECT_TRUE(has(with, said));
    end_lease();
    const auto second = leading(with);
    while (!owed().empty()) {
    }
    EXPECT_FALSE(has(with, said));
    EXPECT_FALSE(has(with, who));
    EXPECT_EQ(with.figures->snapshots, 1U);
    EXPECT_EQ(load(*second).open.size(), 2U);
}

TEST_F(erasure, is_owed_until_a_snapshot_has_come_as_far_and_no_other_is_left) {
    const auto with = options("first");
    redis::site_log log(redis::place_of(with), "test");
    ASSERT_TRUE(log.acquire({"first", "", "its nonce", std::chrono::hours{1}}).value().granted);
    ASSERT_EQ(append(log, contact(1)).what.state, commit_state::committed);
    ASSERT_EQ(append(log, erasing(2)).what.state, commit_state::committed);
    ASSERT_EQ(append(log, contact(3)).what.state, commit_state::committed);
    ASSERT_EQ(owed(), "2");
    std::ofstream(folder_.file("some")) << "a copy, as far as Redis knows";
    redis::snapshots into(log, redis::place_of(with));
    const auto made = into.put(token(), folder_.file("some"), {1, redis::text_of(id_of(1))}, true).value();
    EXPECT_FALSE(made.forgot) << "the erasure came while it was made";
    EXPECT_EQ(owed(), "2");
    const auto next = into.put(token(), folder_.file("some"), {3, redis::text_of(id_of(3))}, false).value();
    EXPECT_EQ(owed(), "2") << "what went can still be read in the log's memory";

    const auto settle = [&](const std::string& id) {
        auto said = log.call_of("settle", {"head", "snapshot", "owed", "snapshots"});
        for (const auto& each : {std::to_string(token().epoch), token().nonce, id}) said.push_back(each);
        return log.ask(said, false);
    };
    EXPECT_EQ(settle(made.id).value().number, 0) << "it is not the newest any more";
    EXPECT_EQ(settle(next.id).value().number, 0) << "the one before is there for ten minutes";
    EXPECT_EQ(owed(), "2");
    say({"HDEL", key("snapshots"), made.id});
    end_lease();
    redis::site_log other(redis::place_of(with), "other");
    ASSERT_TRUE(other.acquire({"second", "", "another nonce", std::chrono::hours{1}}).value().granted);
    auto late = log.call_of("settle", {"head", "snapshot", "owed", "snapshots"});
    for (const auto* each : {"1", "its nonce"}) late.emplace_back(each);
    late.push_back(next.id);
    EXPECT_EQ(log.ask(late, false).error().code, errc::fenced);
    EXPECT_EQ(owed(), "2");
    EXPECT_EQ(settle(next.id).value().number, 1);
    EXPECT_EQ(owed(), "");
}

TEST_F(erasure, is_told_to_be_done_again_also_when_the_answer_was_lost_and_it_is_asked_for_twice) {
    const auto with = options("first");
    redis::site_log log(redis::place_of(with), "test");
    ASSERT_TRUE(log.acquire({"first", "", "its nonce", std::chrono::hours{1}}).value().granted);
    ASSERT_EQ(append(log, erasing(1)).what.state, commit_state::committed);
    for (int i = 0; i < 1001; ++i) say({"XADD", key("inbox"), "*", "s", "space", "i", "id", "a", "1", "p", "words"});
    auto said = log.call_of("snapshot", {"head", "snapshot", "log", "inbox"});
    const auto end = end_of_log();
    for (const auto& each : {std::string("1"), std::string("its nonce"), std::string("made"), std::to_string(end.seq),
                             end.last, std::string("1"), std::string("1"), std::string("1"), std::string("1")})
        said.push_back(each);
    EXPECT_EQ(log.ask(said, false).value().text, "LATER") << "more is left than can be moved in one step";
    EXPECT_EQ(log.ask(said, false).value().text, "LATER");
    say({"XTRIM", key("inbox"), "MAXLEN", "1000"});
    EXPECT_EQ(log.ask(said, false).value().text, "OK");
}

TEST_F(erasure, that_is_put_back_after_a_rollback_is_owed_again) {
    auto with = options("first");
    with.erase_within = milliseconds{1};
    with.look_at_pieces = std::chrono::hours{1};  // nor is it seen by chance
    const auto first = leading(with);
    take_in(*first);
    ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    erase(*first, 3);
    while (with.figures->snapshots == 0) {
    }
    while (!owed().empty()) {
    }
    // As a replica comes back that had heard neither of the batch nor of the snapshot.
    say({"DEL", key("snapshot"), key("log")});
    say({"HSET", key("head"), "seq", "2", "last", redis::text_of(id_of(2))});
    say({"DEL", key("writers")});
    ASSERT_EQ(first->commit(contact(4)).state, commit_state::committed);
    EXPECT_EQ(with.figures->rollbacks, 1U);
    while (with.figures->snapshots == 1) {
    }
    while (!owed().empty()) {
    }
}

TEST_F(erasure, of_unknown_outcome_that_is_in_the_log_is_owed_by_the_node_that_reads_it_there) {
    auto with = options("first");
    with.erase_within = milliseconds{1};
    with.look_at_pieces = std::chrono::hours{1};  // nor is it seen by chance
    const auto first = leading(with);
    take_in(*first);
    ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    ASSERT_EQ(load(*first).open.size(), 2U);
    redis::site_log unheard(redis::place_of(with), "unheard");
    ASSERT_EQ(append(unheard, erasing(3)).what.state, commit_state::committed);
    EXPECT_EQ(load(*first).open.size(), 1U);
    while (!owed().empty()) {
    }
    EXPECT_FALSE(has(with, said));
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

/// What is replaced or removed in the ordinary way leaves a quiet site, too.
class replaced_words : public erasure {
protected:
    redis_options looking_often() const {
        auto made = options("first");
        made.spread = false;  // so that nothing but the looks asks for whole tables
        made.look_at_pieces = milliseconds{20};
        made.replaced_within = std::chrono::hours{1};
        return made;
    }
    /// Until the snapshotter has looked some times whether it is time.
    void wait_for_looks() {
        say({"CONFIG", "RESETSTAT"});
        const std::string name = "cmdstat_hgetall:calls=";
        while (true) {
            const auto stats = say({"INFO", "commandstats"}).text;
            const auto at = stats.find(name);
            if (at != std::string::npos && std::stoull(stats.substr(at + name.size())) > 6) return;
        }
    }
    void log_is_as_old_as(std::chrono::hours age) {
        const auto now = std::stoll(say({"TIME"}).list[0].text);
        const auto since = std::chrono::seconds{now} - age;
        say({"HSET", key("head"), "cut", std::to_string(milliseconds{since}.count())});
    }
    static batch replacing(std::uint64_t number) {
        auto silent = contact(1);
        silent.id = id_of(number);
        silent.keys.clear();
        silent.journal.reset();
        return silent;
    }
    bool is_on_disk_of(const std::string& node, std::string_view file) const {
        for (const auto* half : {"0", "1"}) {
            std::ostringstream bytes;
            bytes
                << std::ifstream(folder_.file(node + "/copy.db-" + std::string(file)) + half, std::ios::binary).rdbuf();
            if (bytes.str().find(said) != std::string::npos) return true;
        }
        return false;
    }
};

TEST_F(replaced_words, leave_redis_with_a_snapshot_where_the_log_is_short_but_old) {
    const auto with = looking_often();
    const auto first = leading(with);
    take_in(*first);
    EXPECT_TRUE(first->ticket(ticket_id{1})) << "it is in the copy's file by now";
    ASSERT_EQ(first->commit(replacing(2)).state, commit_state::committed);
    wait_for_looks();
    EXPECT_EQ(with.figures->snapshots, 0U) << "it is young";
    EXPECT_TRUE(has(with, said));
    log_is_as_old_as(std::chrono::hours{2});
    while (with.figures->snapshots == 0) {
    }
    EXPECT_FALSE(has(with, said));
    EXPECT_FALSE(has(with, who));
    log_is_as_old_as(std::chrono::hours{2});
    wait_for_looks();
    EXPECT_EQ(with.figures->snapshots, 1U) << "nothing was written since";
    ASSERT_EQ(first->commit(contact(3)).state, commit_state::committed);
    while (with.figures->snapshots == 1) {
    }
    ASSERT_EQ(first->commit(contact(4)).state, commit_state::committed);
    wait_for_looks();
    EXPECT_EQ(with.figures->snapshots, 2U) << "from the snapshot on it is young again";
}

TEST_F(replaced_words, leave_redis_a_day_later_whoever_leads_by_then) {
    auto first = leading("first");
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    first.reset();
    log_is_as_old_as(std::chrono::hours{25});
    const auto with = options("second");
    auto second = leading(with);
    while (with.figures->snapshots == 0) {
    }
    ASSERT_EQ(second->commit(contact(2)).state, commit_state::committed);
    second.reset();
    say({"HDEL", key("head"), "cut"});
    const auto next = options("third");
    const auto third = leading(next);
    while (next.figures->snapshots == 0) {
    }
    EXPECT_EQ(load(*third).open.size(), 2U) << "as of a log that an earlier version began";
}

TEST_F(replaced_words, leave_what_nodes_note_beside_their_copies) {
    auto with = options("first");
    with.replaced_within = milliseconds{500};
    const auto first = leading(with);
    with.node = "second";
    with.copy.path = folder_.file("second/copy.db");
    with.figures = std::make_shared<site_figures>();
    const auto second = open_redis(with).value();
    EXPECT_FALSE(second->lead(shortly).value());
    take_in(*first);
    auto told = item(2);
    told.payload = said;
    ASSERT_TRUE(second->ingest(std::vector{told}));
    EXPECT_TRUE(is_on_disk_of("first", "tail"));
    EXPECT_TRUE(is_on_disk_of("second", "taken"));
    while (!second->ticket(ticket_id{1})) EXPECT_FALSE(second->lead(shortly).value());
    while (is_on_disk_of("first", "tail") || is_on_disk_of("first", "taken")) ASSERT_TRUE(first->trim(noon, noon));
    while (is_on_disk_of("second", "tail") || is_on_disk_of("second", "taken"))
        EXPECT_FALSE(second->lead(shortly).value());
}

TEST_F(replaced_words, go_with_the_copies_that_a_killed_node_left_behind) {
    (void)leading("first");
    for (const auto* part : {".snapshot", ".snapshot.part", ".fetched"})
        std::ofstream(folder_.file("first/copy.db") + part) << said;
    const auto again = open_redis(options("first")).value();
    for (const auto* part : {".snapshot", ".snapshot.part", ".fetched"})
        EXPECT_FALSE(std::filesystem::exists(folder_.file("first/copy.db") + part)) << part;
}

}  // namespace
}  // namespace kindred::store
