#include "engine/store/redis/file_shelves.hpp"
#include "engine/store/redis/function_library.hpp"
#include "engine/store/redis/packing.hpp"
#include "tests/redis/support/redis_cluster.hpp"
#include "tests/store/support/shared_site.hpp"

#include <filesystem>
#include <fstream>
#include <set>

/// Files of a site that several nodes share.
namespace kindred::store {
namespace {

namespace fs = std::filesystem;
using namespace samples;

class shared_files_of_nodes : public shared_site {
protected:
    fs::path at(const std::string& node, const std::string& name) const {
        return fs::path(options(node).copy.path + "-files") / name.substr(0, 2) / name;
    }
    static std::string shelf(const std::string& name) {
        return std::string("kindred:{main/file/") + name.front() + "}:";
    }
    std::vector<std::string> pieces(const std::string& name) {
        std::vector<std::string> found;
        for (const auto& each : say({"KEYS", shelf(name) + name + ":*"}).list) found.push_back(each.text);
        return found;
    }
    /// As a failover does that promotes a replica which had not heard of it.
    void lose(const std::string& name) {
        for (const auto& each : pieces(name)) say({"DEL", each});
        say({"HDEL", shelf(name) + "index", name});
    }
    static std::string noise(std::size_t size) {
        std::string made;
        for (std::uint32_t state = 7; made.size() < size; state = state * 1'664'525 + 1'013'904'223)
            made += static_cast<char>(state >> 24U);
        return made;
    }
    static std::vector<seen_file> all(file_place& in) {
        std::vector<seen_file> found;
        const auto now = std::chrono::time_point_cast<duration>(std::chrono::system_clock::now());
        EXPECT_TRUE(in.for_each(now, [&](seen_file&& each) { found.push_back(std::move(each)); }));
        return found;
    }
};

TEST_F(shared_files_of_nodes, are_fetched_by_a_node_that_does_not_have_them_and_kept_there) {
    const auto first = leading("first");
    const auto name = first->files()->put("a picture").value();
    const auto with = options("second");
    const auto second = open_redis(with).value();
    ASSERT_FALSE(second->lead(shortly).value());
    EXPECT_FALSE(fs::exists(at("second", name)));
    EXPECT_EQ(second->files()->get(name).value(), "a picture");
    EXPECT_TRUE(fs::exists(at("second", name)));
    EXPECT_EQ(with.figures->files_fetched, 1U);
    EXPECT_EQ(second->files()->get(name).value(), "a picture");
    EXPECT_EQ(with.figures->files_fetched, 1U) << "from its own disk";
}

TEST_F(shared_files_of_nodes, that_the_disk_changed_are_fetched_again) {
    const auto first = leading("first");
    const auto name = first->files()->put("as written").value();
    std::ofstream(at("first", name)) << "as changed";
    EXPECT_EQ(first->files()->get(name).value(), "as written");
    std::ifstream file(at("first", name));
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "as written");
}

TEST_F(shared_files_of_nodes, that_redis_changed_are_told) {
    const auto first = leading("first");
    const auto name = first->files()->put(noise(1000)).value();
    ASSERT_EQ(pieces(name).size(), 1U);
    say({"SET", pieces(name).front(), noise(999) + "?"});
    fs::remove(at("first", name));
    EXPECT_EQ(first->files()->get(name).error().code, errc::corrupt);
}

TEST_F(shared_files_of_nodes, are_in_pieces_that_stay_and_go_with_them) {
    const auto with = options("first");
    const auto first = leading(with);
    const auto bytes = noise((std::size_t{5} << 20) / 2);
    const auto name = first->files()->put(bytes).value();
    const auto there = pieces(name);
    EXPECT_EQ(there.size(), 3U);
    for (const auto& each : there) {
        EXPECT_EQ(say({"TTL", each}).number, -1);
        EXPECT_LE(say({"STRLEN", each}).number, 1 << 20);
    }
    EXPECT_EQ(with.figures->files, 1U);
    EXPECT_EQ(with.figures->file_bytes, bytes.size());
    EXPECT_EQ(standing_of(with).value().files, 1U);
    EXPECT_EQ(standing_of(with).value().file_bytes, bytes.size());
    EXPECT_TRUE(first->files()->remove(first->files()->look(std::vector{name}).value().front()).value());
    EXPECT_TRUE(pieces(name).empty());
    EXPECT_FALSE(fs::exists(at("first", name)));
    EXPECT_EQ(with.figures->files, 0U);
    EXPECT_EQ(standing_of(with).value().file_bytes, 0U);
}

TEST_F(shared_files_of_nodes, whose_pieces_have_gone_before_they_counted_are_not_taken_for_there) {
    redis::site_place place{settings_of(server_), {}, "main", {}, std::make_shared<site_figures>()};
    redis::site_log over(place);
    const auto name = file_name_of("x");
    kindred::redis::command said{"FCALL",
                                 redis::functions().function("put_file"),
                                 "3",
                                 shelf(name) + "index",
                                 shelf(name) + "sum",
                                 shelf(name) + name + ":id:0",
                                 name,
                                 "1",
                                 "1",
                                 "0",
                                 "id"};
    EXPECT_EQ(over.ask(said, false).value().number, -1);
    EXPECT_EQ(say({"HLEN", shelf(name) + "index"}).number, 0);
    say({"SET", shelf(name) + name + ":id:0", "x", "EX", "100"});
    EXPECT_EQ(over.ask(said, false).value().number, 1);
    EXPECT_EQ(over.ask(said, false).value().number, 0) << "said twice";
    EXPECT_EQ(pieces(name).size(), 1U);
    said.at(5) = shelf(name) + name + ":other:0";
    said.back() = "other";
    say({"SET", said.at(5), "x", "EX", "100"});
    EXPECT_EQ(over.ask(said, false).value().number, 0) << "another node was quicker";
    EXPECT_EQ(pieces(name), std::vector{shelf(name) + name + ":id:0"});
    EXPECT_EQ(redis::file_shelves(place, false).get(name).value(), "x");
}

TEST_F(shared_files_of_nodes, are_put_back_by_whoever_has_them_when_redis_lost_them) {
    const auto with = options("first");
    const auto first = leading(with);
    const auto name = first->files()->put("a picture").value();
    lose(name);
    auto seen = all(*first->files());
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_FALSE(seen.front().is_whole);
    EXPECT_TRUE(first->files()->secure(name).value());
    EXPECT_EQ(with.figures->files_put_back, 1U);
    EXPECT_TRUE(all(*first->files()).front().is_whole);
    fs::remove(at("first", name));
    EXPECT_EQ(first->files()->get(name).value(), "a picture");
}

TEST_F(shared_files_of_nodes, are_doubted_after_every_new_connection) {
    const auto first = leading("first");
    ASSERT_TRUE(first->files()->put("x"));
    const auto before = first->files()->doubts();
    EXPECT_EQ(first->files()->doubts(), before);
    server_.kill();
    server_.start();
    while (!first->files()->put("y")) {
    }
    EXPECT_GT(first->files()->doubts(), before);
}

TEST_F(shared_files_of_nodes, beyond_what_redis_may_have_are_on_the_disk_alone_until_there_is_room) {
    auto with = options("first");
    with.most_file_bytes = 1000;
    const auto first = leading(with);
    auto& place = *first->files();
    const auto one = place.put(noise(900)).value();
    const auto other = place.put(noise(300)).value();
    EXPECT_EQ(with.figures->files, 1U);
    EXPECT_EQ(with.figures->files_on_disk_alone, 1U);
    EXPECT_TRUE(pieces(other).empty());
    EXPECT_EQ(place.get(other).value().size(), 300U);
    EXPECT_FALSE(place.secure(other).value());
    ASSERT_TRUE(place.put(noise(900))) << "what is there takes no more room";
    EXPECT_TRUE(place.remove(place.look(std::vector{one}).value().front()).value());
    EXPECT_TRUE(place.secure(other).value());
    EXPECT_EQ(pieces(other).size(), 1U);
    EXPECT_EQ(all(place).size(), 1U);
    EXPECT_EQ(with.figures->files_on_disk_alone, 0U);
}

TEST_F(shared_files_of_nodes, on_the_disk_alone_are_not_removed_once_they_were_put_again) {
    auto with = options("first");
    with.most_file_bytes = 100;
    const auto first = leading(with);
    auto& place = *first->files();
    const auto name = place.put(noise(300)).value();
    const auto seen = place.look(std::vector{name}).value().front();
    ASSERT_TRUE(place.put(noise(300)));
    EXPECT_FALSE(place.remove(seen).value());
    EXPECT_TRUE(place.remove(place.look(std::vector{name}).value().front()).value());
    EXPECT_FALSE(fs::exists(at("first", name)));
}

TEST_F(shared_files_of_nodes, are_dropped_by_those_who_follow_when_a_batch_says_so) {
    const auto first = leading("first");
    const auto name = first->files()->put("a picture").value();
    const auto second = open_redis(options("second")).value();
    ASSERT_FALSE(second->lead(shortly).value());
    ASSERT_TRUE(second->files()->get(name));
    ASSERT_TRUE(fs::exists(at("second", name)));
    auto changes = contact(1);
    changes.kept.push_back({std::string(gone_file_rows), name, noon, {}, true});
    ASSERT_EQ(first->commit(changes).state, commit_state::committed);
    while (!second->lead(shortly) || fs::exists(at("second", name))) {
    }
    EXPECT_EQ(pieces(name).size(), 1U) << "whoever leads removes it there";
}

TEST_F(shared_files_of_nodes, are_removed_from_redis_by_the_one_that_leads_alone) {
    const auto first = leading("first");
    const auto name = first->files()->put("a picture").value();
    const auto second = open_redis(options("second")).value();
    ASSERT_FALSE(second->lead(shortly).value());
    EXPECT_TRUE(all(*second->files()).empty()) << "it looks after those that it has itself";
    ASSERT_TRUE(second->files()->get(name));
    const auto seen = all(*second->files());
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_FALSE(second->files()->may_remove().value());
    EXPECT_TRUE(second->files()->remove(seen.front()).value());
    EXPECT_FALSE(fs::exists(at("second", name)));
    EXPECT_EQ(second->files()->get(name).value(), "a picture");
}

TEST_F(shared_files_of_nodes, are_not_removed_by_one_that_led_and_has_not_heard_of_the_next) {
    auto first = leading("first");
    const auto name = first->files()->put("a picture").value();
    EXPECT_TRUE(first->files()->may_remove().value());
    const auto seen = first->files()->look(std::vector{name}).value().front();
    end_lease();
    auto second = leading("second");
    EXPECT_FALSE(first->files()->may_remove().value());
    ASSERT_TRUE(second->files()->put("a picture")) << "somebody else sends the same";
    (void)first->files()->remove(seen);
    EXPECT_EQ(second->files()->get(name).value(), "a picture");
    EXPECT_EQ(pieces(name).size(), 1U);
}

TEST_F(shared_files_of_nodes, cannot_be_put_while_redis_is_away) {
    auto with = options("first");
    with.server.answer_within = std::chrono::milliseconds{200};
    const auto first = leading(with);
    const auto name = first->files()->put("a picture").value();
    server_.freeze();
    EXPECT_FALSE(first->files()->put("another"));
    EXPECT_EQ(first->files()->get(name).value(), "a picture") << "its own disk has it";
    fs::remove(at("first", name));
    const auto away = first->files()->get(name);
    EXPECT_TRUE(away.error().code == errc::unavailable || away.error().code == errc::unknown);
    server_.thaw();
}

TEST_F(shared_files_of_nodes, are_not_taken_for_put_before_replicas_confirm) {
    auto with = options("first");
    with.wait_replicas = 1;
    with.wait_within = std::chrono::milliseconds{20};
    const auto first = leading(with);
    EXPECT_EQ(first->files()->put("a picture").error().code, errc::unknown);
    EXPECT_GT(with.figures->shortfalls, 0U);
    const kindred::redis::redis_server replica({"--replicaof", "127.0.0.1 " + std::to_string(server_.port())});
    while (!first->files()->put("a picture")) {
    }
    kindred::redis::client there(settings_of(replica));
    const auto name = file_name_of("a picture");
    EXPECT_EQ(there.ask({"HEXISTS", shelf(name) + "index", name}).value().number, 1);
}

TEST_F(shared_files_of_nodes, are_where_the_options_say) {
    auto with = options("first");
    with.files_in_redis = false;
    const auto first = leading(with);
    EXPECT_EQ(first->files(), nullptr);
    EXPECT_TRUE(first->surely_leads().value());
    end_lease();
    const auto second = leading("second");
    EXPECT_FALSE(first->surely_leads().value());
}

TEST(SharedFilesOfACluster, AreSpreadOverItsMasters) {
    kindred::redis::redis_cluster cluster;
    const temporary_folder folder;
    redis_options with;
    with.cluster = cluster.addresses();
    with.copy.path = folder.file("copy.db");
    with.copy.sync = sync_level::off;
    const auto site = open_redis(with).value();
    for (result<bool> leads = false; !leads || !*leads; leads = site->lead(std::chrono::milliseconds{10})) {
    }
    std::set<std::string> names;
    for (int number = 0; number < 60; ++number) names.insert(site->files()->put(std::to_string(number)).value());
    std::set<std::size_t> masters;
    for (const auto& name : names)
        masters.insert(kindred::redis::redis_cluster::owner(
            kindred::redis::slot_of(std::string("kindred:{main/file/") + name.front() + "}:")));
    EXPECT_EQ(masters.size(), kindred::redis::redis_cluster::masters);
    EXPECT_EQ(standing_of(with).value().files, names.size());
    fs::remove_all(with.copy.path + "-files");
    for (const auto& name : names) EXPECT_TRUE(site->files()->get(name));
}

TEST(Packing, IsLeftOutWhereItDoesNotHelp) {
    std::string noise;
    for (std::uint32_t state = 7; noise.size() < 300'000; state = state * 1'664'525 + 1'013'904'223)
        noise += static_cast<char>(state >> 24U);
    EXPECT_FALSE(redis::packed(noise));
    EXPECT_FALSE(redis::packed("x"));
    const std::string even(300'000, 'a');
    const auto small = redis::packed(even);
    ASSERT_TRUE(small);
    EXPECT_LT(small->size(), 1000U);
    EXPECT_EQ(redis::unpacked(*small, even.size()).value(), even);
    EXPECT_EQ(redis::unpacked(*small, even.size() - 1).error().code, errc::corrupt);
    EXPECT_EQ(redis::unpacked(small->substr(1), even.size()).error().code, errc::corrupt);
}

}  // namespace
}  // namespace kindred::store
