#include "engine/redis/refusal.hpp"
#include "tests/store/support/shared_site.hpp"

#include <filesystem>
#include <thread>

/// What a site that several nodes share makes of a Redis that refuses: nothing is taken for done, the refusal is
/// counted by its reason, and once the server has come round the same batch goes in, once.
namespace kindred::store {
namespace {

using namespace samples;
using kindred::redis::redis_server;
using kindred::redis::refusal;
using std::chrono::milliseconds;

class refused_writes : public shared_site {
protected:
    static std::uint64_t counted(const redis_options& with, refusal why) {
        return with.figures->calls->refusals_of(why);
    }

    /// Its next writes are refused for that reason, and nothing of them is there.
    void expect_refused(store& at, const redis_options& with, refusal why) {
        const auto before = counted(with, why);
        const auto outcome = at.commit(contact(1));
        EXPECT_EQ(outcome.state, commit_state::refused) << outcome.reason;
        EXPECT_GT(counted(with, why), before) << outcome.reason;
        const auto taken = at.ingest(std::vector{item(9)});
        ASSERT_FALSE(taken);
        EXPECT_EQ(taken.error().code, errc::unavailable) << taken.error().message;
        EXPECT_GE(counted(with, why), before + 2);
        EXPECT_NE(with.figures->text().find("{reason=\"" + std::string(name_of(why)) + "\"} " +
                                            std::to_string(counted(with, why)) + "\n"),
                  std::string::npos);
    }
    void expect_to_go_on(store& at) {
        commit_outcome again;
        do again = at.commit(contact(1));
        while (again.state == commit_state::refused || again.state == commit_state::unknown);
        EXPECT_EQ(again.state, commit_state::committed) << again.reason;
        EXPECT_TRUE(at.ticket(ticket_id{1}));
        EXPECT_EQ(batches(), 1);
        EXPECT_FALSE(at.ingest(std::vector{item(9)}).value()[0].duplicate) << "none of the tries took it in";
    }
};

TEST_F(refused_writes, for_want_of_memory) {
    const auto with = options("first");
    const auto first = leading(with);
    say({"CONFIG", "SET", "maxmemory", "1"});
    expect_refused(*first, with, refusal::out_of_memory);
    say({"CONFIG", "SET", "maxmemory", "0"});
    expect_to_go_on(*first);
}

TEST_F(refused_writes, for_want_of_replicas) {
    const auto with = options("first");
    const auto first = leading(with);
    say({"CONFIG", "SET", "min-replicas-to-write", "1"});
    expect_refused(*first, with, refusal::no_replicas);
    say({"CONFIG", "SET", "min-replicas-to-write", "0"});
    expect_to_go_on(*first);
}

TEST_F(refused_writes, by_a_server_that_was_made_a_replica) {
    const auto with = options("first");
    const auto first = leading(with);
    const auto connections = with.figures->calls->connects();
    say({"REPLICAOF", "127.0.0.1", "1"});
    expect_refused(*first, with, refusal::read_only);
    EXPECT_EQ(first->commit(contact(1)).state, commit_state::refused);
    EXPECT_GT(with.figures->calls->connects(), connections) << "its name may lead elsewhere by now";
    say({"REPLICAOF", "NO", "ONE"});
    expect_to_go_on(*first);
}

TEST_F(refused_writes, by_a_replica_that_lost_its_master_and_says_nothing_then) {
    const auto with = options("first");
    const auto first = leading(with);
    say({"CONFIG", "SET", "replica-serve-stale-data", "no"});
    say({"REPLICAOF", "127.0.0.1", "1"});
    EXPECT_EQ(standing_of(with).error().code, errc::unavailable);
    EXPECT_GE(counted(with, refusal::master_down), 1U) << "what renews the lease may have asked, too";
    say({"REPLICAOF", "NO", "ONE"});
    expect_to_go_on(*first);
}

TEST_F(refused_writes, while_its_disk_fails) {
    const auto with = options("first");
    const auto first = leading(with);
    // A folder where the file's name should go: it writes the file and cannot put it in its place.
    const std::filesystem::path in_the_way = server_.folder() + "/dump.rdb";
    std::filesystem::create_directories(in_the_way / "full");
    say({"CONFIG", "SET", "save", "3600 1"});
    say({"BGSAVE"});
    while (say({"INFO", "persistence"}).text.find("rdb_last_bgsave_status:err") == std::string::npos) {
    }
    expect_refused(*first, with, refusal::misconfigured);
    std::filesystem::remove_all(in_the_way);
    say({"BGSAVE"});
    while (say({"INFO", "persistence"}).text.find("rdb_last_bgsave_status:ok") == std::string::npos) {
    }
    expect_to_go_on(*first);
}

TEST_F(refused_writes, while_a_function_runs_for_ever) {
    const auto with = options("first");
    const auto first = leading(with);
    say({"CONFIG", "SET", "busy-reply-threshold", "1"});
    say({"FUNCTION", "LOAD",
         "#!lua name=endless\nredis.register_function{function_name='endless', flags={'no-writes'}, "
         "callback=function() while true do end end}"});
    // Over one connection for as long as it takes: a server that is busy lets nobody log in anew.
    auto patient = settings_of(server_);
    patient.answer_within = std::chrono::milliseconds{120'000};
    kindred::redis::client looking(patient);
    ASSERT_TRUE(looking.ask({"PING"}));
    kindred::redis::client other(settings_of(server_));
    std::thread endless([&] { (void)other.ask({"FCALL", "endless", "0"}); });
    while (looking.ask({"PING"})) {
    }
    expect_refused(*first, with, refusal::busy);
    // A function that wrote nothing may be killed.
    while (!looking.ask({"FUNCTION", "KILL"})) {
    }
    endless.join();
    expect_to_go_on(*first);
}

TEST_F(refused_writes, while_it_reads_its_file) {
    // Slowly, and with an ear for us: a millisecond for each of many keys.
    redis_server slow({"--key-load-delay", "3000", "--loading-process-events-interval-bytes", "1024"});
    kindred::redis::client raw(settings_of(slow));
    auto with = options("first");
    with.server.server.port = slow.port();
    const auto first = leading(with);
    for (int i = 0; i < 1'000; ++i) ASSERT_TRUE(raw.ask({"SET", "other:" + std::to_string(i), std::string(64, 'x')}));
    ASSERT_TRUE(raw.ask({"BGREWRITEAOF"}));
    while (raw.ask({"INFO", "persistence"}).value().text.find("aof_rewrite_in_progress:1") != std::string::npos) {
    }
    slow.kill();
    slow.begin_to_start();
    commit_outcome outcome;
    do outcome = first->commit(contact(1));
    while (counted(with, refusal::loading) == 0 && outcome.state != commit_state::committed);
    EXPECT_EQ(outcome.state, commit_state::refused) << outcome.reason;
    EXPECT_GT(counted(with, refusal::loading), 0U);
    do outcome = first->commit(contact(1));
    while (outcome.state == commit_state::refused || outcome.state == commit_state::unknown);
    EXPECT_EQ(outcome.state, commit_state::committed) << outcome.reason;
    EXPECT_EQ(raw.ask({"XLEN", key("log")}).value().number, 1);
}

TEST_F(refused_writes, where_the_server_is_of_a_cluster_that_has_no_server_for_the_slot) {
    redis_server lone({"--cluster-enabled", "yes"});
    kindred::redis::client raw(settings_of(lone));
    ASSERT_TRUE(raw.ask({"CLUSTER", "ADDSLOTSRANGE", "0", "16383"}));
    auto with = options("first");
    with.cluster = {{"127.0.0.1", lone.port()}};
    with.server.answer_within = milliseconds{300};
    while (raw.ask({"CLUSTER", "INFO"}).value().text.find("cluster_state:ok") == std::string::npos) {
    }
    const auto first = leading(with);
    ASSERT_TRUE(raw.ask({"CLUSTER", "DELSLOTSRANGE", "0", "16383"}));
    expect_refused(*first, with, refusal::cluster_down);
    ASSERT_TRUE(raw.ask({"CLUSTER", "ADDSLOTSRANGE", "0", "16383"}));
    commit_outcome again;
    do again = first->commit(contact(1));
    while (again.state == commit_state::refused || again.state == commit_state::unknown);
    EXPECT_EQ(again.state, commit_state::committed) << again.reason;
}

TEST_F(refused_writes, by_our_own_functions) {
    const auto with = options("first");
    auto first = leading(with);
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    EXPECT_EQ(first->commit(contact(1)).state, commit_state::committed) << "it is there";
    EXPECT_EQ(counted(with, refusal::duplicate), 1U);
    say({"HSET", key("head"), "seq", "7", "last", "somebody's.1"});
    EXPECT_EQ(first->commit(contact(2)).state, commit_state::fenced);
    EXPECT_EQ(counted(with, refusal::out_of_order), 1U);
    EXPECT_EQ(with.figures->leads, 0U);
    say({"HSET", key("head"), "seq", "1", "last", "01010101010101010101010101010101.1"});
    first.reset();
    end_lease();
    first = leading(with);
    say({"HSET", key("head"), "nonce", "another"});
    EXPECT_EQ(first->commit(contact(2)).state, commit_state::fenced);
    EXPECT_GE(counted(with, refusal::fenced), 1U);
    EXPECT_EQ(batches(), 1);
}

TEST_F(refused_writes, for_want_of_rights_and_of_a_log_in) {
    const auto with = options("first");
    const auto first = leading(with);
    say({"ACL", "SETUSER", "default", "-fcall"});
    EXPECT_EQ(first->commit(contact(1)).state, commit_state::refused);
    EXPECT_EQ(first->ingest(std::vector{item(9)}).error().code, errc::forbidden) << "until somebody changes that";
    EXPECT_EQ(counted(with, refusal::forbidden), 2U);
    say({"ACL", "SETUSER", "default", "+fcall"});
    expect_to_go_on(*first);
}

TEST_F(shared_site, tells_its_part_in_figures) {
    const auto with = options("first");
    auto others = options("second");
    auto first = leading(with);
    const auto second = open_redis(others).value();
    ASSERT_EQ(first->commit(contact(1)).state, commit_state::committed);
    EXPECT_FALSE(second->lead(shortly).value());
    ASSERT_EQ(first->commit(contact(2)).state, commit_state::committed);
    EXPECT_EQ(with.figures->leads, 1U);
    EXPECT_EQ(with.figures->epoch, 1U);
    EXPECT_EQ(with.figures->take_overs, 1U);
    EXPECT_EQ(with.figures->log_batches, 2U);
    EXPECT_EQ(others.figures->leads, 0U);
    EXPECT_EQ(others.figures->epoch, 1U) << "whom it follows";
    EXPECT_EQ(others.figures->batches_behind, 0U);
    EXPECT_EQ(others.figures->log_batches, 1U) << "when it last looked";
    const auto text = with.figures->text();
    for (const auto* line : {"# TYPE kindred_site_leads gauge\nkindred_site_leads 1\n",
                             "# TYPE kindred_site_take_overs_total counter\nkindred_site_take_overs_total 1\n",
                             "kindred_redis_refusals_total{reason=\"moved\"} 0\n"})
        EXPECT_NE(text.find(line), std::string::npos) << line << text;
    first.reset();
    EXPECT_EQ(with.figures->leads, 0U);
}

}  // namespace
}  // namespace kindred::store
