#include "engine/redis/cluster_client.hpp"
#include "tests/redis/support/redis_cluster.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace kindred::redis {
namespace {

using std::chrono::milliseconds;

TEST(Cluster, AKeysSlotIsThatOfItsTag) {
    EXPECT_EQ(slot_of("123456789"), 0x31C3 % slots);
    EXPECT_EQ(slot_of("{user1000}.following"), slot_of("{user1000}.followers"));
    EXPECT_EQ(slot_of("{user1000}.following"), slot_of("user1000"));
    EXPECT_EQ(slot_of("a{}{b}"), slot_of("a{}{b}")) << "an empty tag is none: all of it counts";
    EXPECT_NE(slot_of("a{}{b}"), slot_of("b"));
    EXPECT_EQ(slot_of("a{{b}}c"), slot_of("{b"));
    EXPECT_EQ(slot_of("a{b}{c}"), slot_of("b"));
    EXPECT_EQ(slot_of("a{b"), slot_of("a{b"));
    EXPECT_EQ(slot_of(""), 0);
}

reply number(std::int64_t value) {
    reply made;
    made.kind = reply_kind::number;
    made.number = value;
    return made;
}
reply text(std::string value) {
    reply made;
    made.kind = reply_kind::text;
    made.text = std::move(value);
    return made;
}
reply list(std::vector<reply> of) {
    reply made;
    made.kind = reply_kind::list;
    made.list = std::move(of);
    return made;
}

TEST(Cluster, AMapIsReadAndAnythingElseIsNot) {
    const server_address asked{"10.0.0.1", 7000};
    const auto said = list({list({number(0), number(99), list({text("10.0.0.2"), number(7001), text("id")}),
                                  list({text("10.0.0.3"), number(7002), text("id")})}),
                            list({number(100), number(16383), list({text(""), number(7000), text("id")})})});
    const auto map = slot_map_of(said, asked).value();
    EXPECT_EQ(*map.master_of(0), (server_address{"10.0.0.2", 7001}));
    EXPECT_EQ(*map.master_of(99), (server_address{"10.0.0.2", 7001}));
    EXPECT_EQ(*map.master_of(100), asked) << "no host: the one that answered";
    EXPECT_EQ(map.masters().size(), 2U);
    EXPECT_EQ(map.all().size(), 3U);
    EXPECT_EQ(slot_map_of(list({}), asked).value().master_of(5), nullptr);
    const auto server = list({text("a"), number(1)});
    for (const auto& wrong :
         {list({number(1)}), list({list({number(0), number(1)})}), list({list({number(5), number(1), server})}),
          list({list({number(0), number(16384), server})}), list({list({number(-1), number(5), server})}),
          list({list({number(0), number(5), list({text("a"), number(70'000)})})}),
          list({list({number(0), number(5), text("a")})})})
        EXPECT_EQ(slot_map_of(wrong, asked).error().code, errc::corrupt);
}

class in_cluster : public testing::Test {
protected:
    static constexpr const char* key = "{site}:one";
    static constexpr const char* other_key = "{site}:other";

    std::uint64_t counted(refusal why) const { return figures_->refusals_of(why); }
    connection_settings named() const {
        connection_settings made;
        made.answer_within = std::chrono::seconds{60};  // so long it is waited for a slot, too: slow machines need it
        made.figures = figures_;
        return made;
    }

    const std::uint16_t slot_ = slot_of(key);
    const std::size_t from_ = redis_cluster::owner(slot_);
    const std::size_t to_ = (from_ + 1) % redis_cluster::masters;
    std::shared_ptr<call_figures> figures_ = std::make_shared<call_figures>();
};

TEST_F(in_cluster, a_slot_that_moves_is_followed_at_each_stage) {
    redis_cluster cluster;
    client over(named(), cluster.settings(slot_));
    EXPECT_EQ(over.masters().value().size(), 3U);
    ASSERT_TRUE(over.ask({"SET", key, "1"}));
    ASSERT_TRUE(over.ask({"SET", other_key, "2"}));
    EXPECT_EQ(counted(refusal::moved), 0U) << "it asked who has the slot";

    cluster.begin_move(slot_, from_, to_);
    EXPECT_EQ(over.ask({"GET", key}).value().text, "1") << "what has not gone is still there";
    while (cluster.move_keys(slot_, from_, to_, 1) != 0) {
        EXPECT_EQ(over.ask({"GET", key}).value().text, "1");
        EXPECT_EQ(over.ask({"GET", other_key}).value().text, "2");
    }
    EXPECT_GT(counted(refusal::ask), 0U);
    EXPECT_EQ(counted(refusal::moved), 0U);
    const std::vector<command> pair{{"INCR", key}, {"GET", other_key}};
    EXPECT_EQ(over.call(pair).value()[0].number, 2);

    cluster.end_move(slot_, from_, to_);
    EXPECT_EQ(over.ask({"INCR", key}).value().number, 3);
    EXPECT_EQ(counted(refusal::moved), 1U);
    EXPECT_EQ(over.ask({"INCR", key}).value().number, 4);
    EXPECT_EQ(counted(refusal::moved), 1U) << "and is remembered";
}

TEST_F(in_cluster, keys_that_are_in_two_places_are_waited_for) {
    redis_cluster cluster;
    client over(named(), cluster.settings(slot_));
    ASSERT_TRUE(over.ask({"MSET", key, "1", other_key, "2"}));
    cluster.begin_move(slot_, from_, to_);
    ASSERT_EQ(cluster.move_keys(slot_, from_, to_, 1), 1U);
    std::thread moving([&] {
        while (counted(refusal::try_again) == 0) std::this_thread::yield();
        while (cluster.move_keys(slot_, from_, to_, 1) != 0) {
        }
        cluster.end_move(slot_, from_, to_);
    });
    const auto both = over.ask({"MGET", key, other_key});
    moving.join();
    ASSERT_TRUE(both) << both.error().message;
    EXPECT_EQ(both->list[0].text, "1");
    EXPECT_EQ(both->list[1].text, "2");
    EXPECT_GT(counted(refusal::try_again), 0U);
}

TEST_F(in_cluster, keys_that_stay_in_two_places_are_given_up_after_the_time_for_an_answer) {
    redis_cluster cluster;
    auto impatient = named();
    impatient.answer_within = milliseconds{200};
    client over(impatient, cluster.settings(slot_));
    ASSERT_TRUE(over.ask({"MSET", key, "1", other_key, "2"}));
    cluster.begin_move(slot_, from_, to_);
    ASSERT_EQ(cluster.move_keys(slot_, from_, to_, 1), 1U);
    const auto both = over.ask({"MGET", key, other_key});
    ASSERT_FALSE(both);
    EXPECT_EQ(both.error().code, errc::unavailable) << "it passes";
    EXPECT_NE(both.error().message.find("TRYAGAIN"), std::string::npos) << both.error().message;
}

TEST_F(in_cluster, a_slot_without_a_server_is_waited_for) {
    redis_cluster cluster;
    client over(named(), cluster.settings(slot_));
    ASSERT_TRUE(over.ask({"SET", key, "1"}));
    cluster.say(from_, {"CLUSTER", "DELSLOTS", std::to_string(slot_)});
    std::thread mending([&] {
        while (counted(refusal::cluster_down) == 0) std::this_thread::yield();
        cluster.say(from_, {"CLUSTER", "ADDSLOTS", std::to_string(slot_)});
    });
    const auto again = over.ask({"SET", key, "2"});
    mending.join();
    EXPECT_TRUE(again) << again.error().message;
    EXPECT_GT(counted(refusal::cluster_down), 0U);
}

TEST_F(in_cluster, a_replica_that_takes_its_masters_place_is_found) {
    redis_cluster cluster(1);
    client over(named(), cluster.settings(slot_));
    ASSERT_EQ(over.call(std::vector<command>{{"SET", key, "kept"}, {"WAIT", "1", "20000"}}, std::chrono::seconds{30})
                  .value()[1]
                  .number,
              1);
    cluster.server(from_).kill();
    result<reply> said = fail(errc::unavailable, "");
    while (!said) said = over.ask({"GET", key});
    EXPECT_EQ(said->text, "kept");
    EXPECT_TRUE(over.ask({"SET", key, "after"})) << "the replica has become a master";
    EXPECT_EQ(cluster.say(from_ + redis_cluster::masters, {"ROLE"}).list[0].text, "master");
}

TEST_F(in_cluster, a_server_of_no_cluster_is_told_apart_from_one_that_does_not_answer) {
    const redis_server lone;
    client over(named(), cluster_settings{{{"127.0.0.1", lone.port()}}, slot_});
    const auto said = over.ask({"GET", key});
    EXPECT_EQ(said.error().code, errc::invalid);
    EXPECT_NE(said.error().message.find("cluster-enabled yes"), std::string::npos) << said.error().message;
    client nobody(named(), cluster_settings{{{"127.0.0.1", 1}}, slot_});
    EXPECT_EQ(nobody.ask({"GET", key}).error().code, errc::unavailable);
}

class all_over_cluster : public in_cluster {
protected:
    static constexpr milliseconds enough{60'000};

    static std::vector<std::string> keys() {
        std::vector<std::string> made;
        for (int i = 0; i < 24; ++i) made.push_back("{piece/" + std::to_string(i) + "}:piece");
        return made;
    }
    static result<reply> say(cluster_client& over, const std::string& key, const command& said) {
        const std::array commands{said};
        auto replies = over.call(key, commands, enough);
        if (!replies) return replies.error();
        return std::move(replies->front());
    }
};

TEST_F(all_over_cluster, keys_lie_with_all_masters_and_each_is_found_where_its_slot_moved_to) {
    redis_cluster cluster;
    cluster_client over(named(), cluster.addresses());
    std::array<std::size_t, redis_cluster::masters> with{};
    for (const auto& key : keys()) {
        ++with.at(redis_cluster::owner(slot_of(key)));
        EXPECT_EQ(say(over, key, {"SET", key, key}).value().text, "OK");
    }
    for (const auto count : with) EXPECT_GT(count, 0U);
    EXPECT_EQ(figures_->connects(), redis_cluster::masters + 1) << "one that was asked for the map, one for each";
    EXPECT_EQ(counted(refusal::moved), 0U);

    const auto key = keys().front();
    const auto slot = slot_of(key);
    const auto from = redis_cluster::owner(slot);
    const auto to = (from + 1) % redis_cluster::masters;
    cluster.begin_move(slot, from, to);
    EXPECT_EQ(say(over, key, {"GET", key}).value().text, key) << "it has not gone yet";
    while (cluster.move_keys(slot, from, to, 1) != 0) {
    }
    EXPECT_EQ(say(over, key, {"GET", key}).value().text, key);
    EXPECT_EQ(counted(refusal::ask), 1U);
    cluster.end_move(slot, from, to);
    EXPECT_EQ(say(over, key, {"GET", key}).value().text, key);
    EXPECT_EQ(counted(refusal::moved), 1U);
    EXPECT_EQ(say(over, key, {"GET", key}).value().text, key);
    EXPECT_EQ(counted(refusal::moved), 1U) << "and is remembered";
    for (const auto& other : keys()) EXPECT_EQ(say(over, other, {"GET", other}).value().text, other);
}

TEST_F(all_over_cluster, those_of_masters_that_are_there_are_had_while_one_is_away) {
    redis_cluster cluster;
    auto impatient = named();
    impatient.answer_within = milliseconds{300};
    cluster_client over(impatient, cluster.addresses());
    constexpr std::size_t away = 1;
    // Or it would answer before it has written, when its disk is busy.
    cluster.say(away, {"CONFIG", "SET", "appendfsync", "always"});
    for (const auto& key : keys()) ASSERT_EQ(say(over, key, {"SET", key, key}).value().text, "OK");
    cluster.server(away).kill();
    for (const auto& key : keys()) {
        const auto said = say(over, key, {"GET", key});
        const bool is_away = redis_cluster::owner(slot_of(key)) == away;
        if (is_away)
            EXPECT_TRUE(!said || said->is_refusal()) << key;
        else
            EXPECT_EQ(said.value().text, key);
    }
    cluster.server(away).start();
    for (const auto& key : keys()) {
        result<reply> said = fail(errc::unavailable, "");
        while (!said || said->is_refusal()) said = say(over, key, {"GET", key});
        EXPECT_EQ(said->text, key);
    }
}

TEST_F(all_over_cluster, a_slot_without_a_server_is_waited_for_and_a_stop_ends_that) {
    redis_cluster cluster;
    cluster_client over(named(), cluster.addresses());
    const auto key = keys().front();
    const auto slot = std::to_string(slot_of(key));
    const auto owner = redis_cluster::owner(slot_of(key));
    ASSERT_EQ(say(over, key, {"SET", key, "1"}).value().text, "OK");
    cluster.say(owner, {"CLUSTER", "DELSLOTS", slot});
    std::thread mending([&] {
        while (counted(refusal::cluster_down) == 0) std::this_thread::yield();
        cluster.say(owner, {"CLUSTER", "ADDSLOTS", slot});
    });
    EXPECT_EQ(say(over, key, {"SET", key, "2"}).value().text, "OK");
    mending.join();
    cluster.say(owner, {"CLUSTER", "DELSLOTS", slot});
    const auto before = counted(refusal::cluster_down);
    std::thread stopping([&] {
        while (counted(refusal::cluster_down) == before) std::this_thread::yield();
        over.stop();
    });
    const auto said = say(over, key, {"SET", key, "3"});
    stopping.join();
    EXPECT_TRUE(!said || said->is_refusal());
    EXPECT_EQ(say(over, key, {"GET", key}).error().code, errc::unavailable);
}

}  // namespace
}  // namespace kindred::redis
