#include "engine/store/redis/migration.hpp"

#include "engine/base/digest.hpp"
#include "engine/store/sqlite/content_hash.hpp"
#include "tests/store/support/shared_site.hpp"

#include <filesystem>

namespace kindred::store {
namespace {

using namespace samples;

class moved_site_test : public shared_site {
protected:
    /// A store that takes several pieces, for what it has cannot be compressed.
    sqlite_options large_file() const {
        sqlite_options file;
        file.path = folder_.file("one.db");
        const auto store = open_sqlite(file).value();
        constexpr std::size_t size = 100'000;
        for (std::uint64_t number = 1; number <= 40; ++number) {
            auto said = contact(number);
            said.entries.front().json = "{\"text\":\"" + to_base64(random_bytes(size)) + "\"}";
            EXPECT_EQ(store->commit(said).state, commit_state::committed);
        }
        return file;
    }
    /// How often pieces were put into Redis.
    std::uint64_t pieces_put() {
        const auto said = say({"INFO", "commandstats"}).text;
        const auto at = said.find("cmdstat_set:calls=");
        return at == std::string::npos ? 0 : std::stoull(said.substr(at + std::string("cmdstat_set:calls=").size()));
    }
    /// As when the process that moved was killed: its lease stays until it is over.
    void leave_lease(const std::string& node) {
        say({"HSET", key("head"), "owner", node + "-migration", "nonce", "gone", "exp",
             std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(
                                std::chrono::system_clock::now().time_since_epoch())
                                .count() +
                            300)});
    }
};

TEST_F(moved_site_test, is_made_of_a_file_and_becomes_one_again) {
    sqlite_options file;
    file.path = folder_.file("one.db");
    {
        const auto before = open_sqlite(file).value();
        for (std::uint64_t number = 1; number <= 20; ++number)
            ASSERT_EQ(before->commit(contact(number)).state, commit_state::committed);
        ASSERT_TRUE(before->put_token({"token", "ci", "admin", noon, false}));
        EXPECT_EQ(move_into_redis(file, options("first")).error().code, errc::conflict) << "it is in use";
    }
    const auto moved = move_into_redis(file, options("first"));
    ASSERT_TRUE(moved) << moved.error().message;
    EXPECT_EQ(moved->hash, content_hash(file.path).value());
    EXPECT_GT(moved->bytes, moved->packed);
    EXPECT_EQ(move_into_redis(file, options("first")).error().code, errc::conflict) << "there is one already";
    {
        auto first = leading("first");
        EXPECT_EQ(load(*first).open.size(), 20U);
        EXPECT_TRUE(first->token("token").value());
        ASSERT_EQ(first->commit(contact(21, 2)).state, commit_state::committed);
        EXPECT_EQ(move_out_of_redis(options("second"), folder_.file("two.db")).error().code, errc::conflict);
    }
    const auto out = move_out_of_redis(options("second"), folder_.file("two.db"));
    ASSERT_TRUE(out) << out.error().message;
    EXPECT_NE(out->hash, moved->hash) << "there is one more ticket";
    EXPECT_EQ(out->hash, content_hash(folder_.file("two.db")).value());
    EXPECT_EQ(move_out_of_redis(options("second"), folder_.file("two.db")).error().code, errc::conflict);
    file.path = folder_.file("two.db");
    const auto after = open_sqlite(file).value();
    EXPECT_EQ(load(*after).open.size(), 21U);
    EXPECT_EQ(after->entries(ticket_id{7}, 0, 10).value(), contact(7).entries);
    EXPECT_TRUE(after->token("token").value());
}

TEST_F(moved_site_test, a_move_that_was_interrupted_is_made_again) {
    sqlite_options file;
    file.path = folder_.file("one.db");
    ASSERT_EQ(open_sqlite(file).value()->commit(contact(1)).state, commit_state::committed);
    {
        // As far as an interrupted one may have come: a first batch without anything in it.
        auto first = leading("first");
        batch nothing;
        nothing.id = id_of(1, 9);
        ASSERT_EQ(first->commit(nothing).state, commit_state::committed);
    }
    ASSERT_TRUE(move_into_redis(file, options("third")));
    EXPECT_EQ(load(*leading("second")).open.size(), 1U);
}

TEST_F(moved_site_test, goes_on_where_it_was_interrupted) {
    const auto file = large_file();
    const auto before = content_hash(file.path).value();
    // Redis runs out of memory in the middle: as far as Redis is concerned, that is as if the process had been killed.
    say({"CONFIG", "SET", "maxmemory", "4mb"});
    ASSERT_FALSE(move_into_redis(file, options("first")));
    const auto put = pieces_put();
    ASSERT_GT(put, 0U);
    say({"CONFIG", "SET", "maxmemory", "0"});
    leave_lease("first");
    const auto moved = move_into_redis(file, options("first"));
    ASSERT_TRUE(moved) << moved.error().message;
    EXPECT_EQ(moved->hash, before);
    const auto pieces = std::stoull(say({"HGET", key("snapshot"), "pieces"}).text);
    EXPECT_GT(pieces, put);
    // The one that did not fit was refused, and counts as a call.
    EXPECT_LE(pieces_put(), pieces + 1) << "what was there was not put again";
    EXPECT_FALSE(std::filesystem::exists(file.path + ".moved"));
    EXPECT_EQ(load(*leading("second")).open.size(), 40U);
}

TEST_F(moved_site_test, is_made_of_the_store_as_it_is_now_though_an_earlier_try_was_of_another) {
    const auto file = large_file();
    say({"CONFIG", "SET", "maxmemory", "4mb"});
    ASSERT_FALSE(move_into_redis(file, options("first")));
    say({"CONFIG", "SET", "maxmemory", "0"});
    ASSERT_EQ(open_sqlite(file).value()->commit(contact(41)).state, commit_state::committed);
    const auto moved = move_into_redis(file, options("first"));
    ASSERT_TRUE(moved) << moved.error().message;
    EXPECT_EQ(moved->hash, content_hash(file.path).value());
    EXPECT_EQ(load(*leading("second")).open.size(), 41U);
}

TEST_F(moved_site_test, comes_out_of_redis_again_after_an_interruption) {
    sqlite_options file;
    file.path = folder_.file("one.db");
    ASSERT_EQ(open_sqlite(file).value()->commit(contact(1)).state, commit_state::committed);
    const auto into = move_into_redis(file, options("first")).value();
    // What a try left that was killed before the file had its name.
    std::filesystem::copy_file(file.path, folder_.file("two.db.moving"));
    leave_lease("first");
    const auto out = move_out_of_redis(options("first"), folder_.file("two.db"));
    ASSERT_TRUE(out) << out.error().message;
    EXPECT_EQ(out->hash, into.hash) << "nothing has happened in between";
    EXPECT_FALSE(std::filesystem::exists(folder_.file("two.db.moving")));
}

TEST_F(moved_site_test, is_not_of_a_site_that_somebody_else_leads) {
    sqlite_options file;
    file.path = folder_.file("one.db");
    ASSERT_EQ(open_sqlite(file).value()->commit(contact(1)).state, commit_state::committed);
    const auto first = leading("first");
    EXPECT_EQ(move_into_redis(file, options("second")).error().code, errc::conflict);
}

}  // namespace
}  // namespace kindred::store
