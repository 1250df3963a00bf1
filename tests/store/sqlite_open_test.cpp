#include "engine/store/sqlite/connection.hpp"
#include "tests/store/support/samples.hpp"
#include "tests/store/support/survival.hpp"
#include "tests/store/support/temporary_folder.hpp"

#include <filesystem>
#include <fstream>

namespace kindred::store {
namespace {

class sqlite_file : public testing::Test {
protected:
    sqlite_file() { options_.path = folder_.file("store.db"); }

    void write_batches(std::uint64_t count) {
        const auto store = open_sqlite(options_).value();
        for (std::uint64_t number = 1; number <= count; ++number) {
            ASSERT_EQ(store->commit(samples::contact(number)).state, commit_state::committed);
        }
    }
    /// Runs SQL on the file behind the store's back.
    void tamper(const char* sql) {
        const auto on = sqlite::connection::open({options_.path, {}, true, true});
        ASSERT_EQ(on->run(sql), SQLITE_OK) << sql;
    }
    error refusal() {
        const auto opened = open_sqlite(options_);
        return opened ? error{errc::unknown, "it opened"} : opened.error();
    }

    temporary_folder folder_;
    sqlite_options options_;
};

TEST_F(sqlite_file, is_made_with_its_folder) {
    options_.path = folder_.file("var/demo/store.db");
    EXPECT_TRUE(open_sqlite(options_));
    EXPECT_TRUE(std::filesystem::exists(options_.path));
}

TEST_F(sqlite_file, serves_one_engine_at_a_time) {
    {
        const auto first = open_sqlite(options_).value();
        const auto second = refusal();
        EXPECT_EQ(second.code, errc::conflict);
        EXPECT_NE(second.message.find(options_.path), std::string::npos);
        EXPECT_EQ(first->commit(samples::contact(1)).state, commit_state::committed);
    }
    EXPECT_TRUE(open_sqlite(options_));
}

TEST_F(sqlite_file, at_an_impossible_path_is_refused_by_name) {
    std::ofstream(folder_.file("plain")) << "not a folder";
    for (const auto& path : {folder_.file("plain/store.db"), folder_.file("")}) {
        options_.path = path;
        const auto refused = refusal();
        EXPECT_EQ(refused.code, errc::io) << refused.message;
        EXPECT_NE(refused.message.find(path), std::string::npos) << refused.message;
    }
}

TEST_F(sqlite_file, that_is_no_database_is_left_alone) {
    const std::string letter =
        "Dear Ann, this is no database, but it is long enough to look at. " + std::string(5000, '.');
    std::ofstream(options_.path) << letter;
    const auto refused = refusal();
    EXPECT_EQ(refused.code, errc::corrupt);
    EXPECT_NE(refused.message.find("not a database"), std::string::npos) << refused.message;
    EXPECT_EQ(std::filesystem::file_size(options_.path), letter.size());
}

TEST_F(sqlite_file, of_another_program_is_left_alone) {
    tamper("CREATE TABLE songs (title TEXT)");
    EXPECT_EQ(refusal().code, errc::corrupt);
    const auto on = sqlite::connection::open({options_.path, {}, true, false});
    sqlite::statement mode(*on, "PRAGMA journal_mode");
    sqlite::cursor row(mode);
    ASSERT_TRUE(row.next());
    EXPECT_EQ(row.text(0), "delete");
}

TEST_F(sqlite_file, of_a_newer_version_is_refused) {
    write_batches(1);
    tamper("PRAGMA user_version = 4000");
    const auto refused = refusal();
    EXPECT_EQ(refused.code, errc::invalid);
    EXPECT_NE(refused.message.find("newer"), std::string::npos);
    tamper("PRAGMA user_version = 6");
    EXPECT_TRUE(survived(options_, {1, 1}));
}

TEST_F(sqlite_file, of_an_older_version_is_brought_forward_with_all_it_has) {
    write_batches(40);
    tamper(
        "DROP INDEX entries_of_ticket; ALTER TABLE entries RENAME TO newer;"
        "CREATE TABLE entries (key INTEGER PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL, json TEXT NOT NULL)"
        " STRICT; INSERT INTO entries SELECT key, kind, at, json FROM newer; DROP TABLE newer;"
        "DROP TABLE kept; DROP TABLE digests; DROP TABLE key_runs; PRAGMA user_version = 1");
    EXPECT_TRUE(survived(options_, {40, 40}));
}

TEST_F(sqlite_file, whose_pages_were_overwritten_is_found_out) {
    constexpr std::uint64_t batches = 300;
    constexpr std::streamoff page = 4096;
    write_batches(batches);
    EXPECT_TRUE(quick_check(options_));
    {
        std::fstream file(options_.path, std::ios::in | std::ios::out | std::ios::binary);
        const std::string rubbish(static_cast<std::size_t>(page), '\x5a');
        for (std::streamoff at = 30; at < 60; ++at) {
            file.seekp(at * page);
            file.write(rubbish.data(), page);
        }
    }
    const auto checked = quick_check(options_);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, errc::corrupt) << checked.error().message;
    EXPECT_NE(checked.error().message.find(options_.path), std::string::npos);
}

TEST_F(sqlite_file, found_damaged_acknowledges_nothing_more) {
    write_batches(300);
    std::filesystem::resize_file(options_.path, 20 * 4096);
    const auto opened = open_sqlite(options_);
    if (!opened) {
        EXPECT_EQ(opened.error().code, errc::corrupt) << opened.error().message;
        return;
    }
    auto& store = **opened;
    const auto loaded = store.load([](ticket_row&&) {});
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, errc::corrupt) << loaded.error().message;
    EXPECT_EQ(store.commit(samples::contact(301)).state, commit_state::broken);
}

TEST_F(sqlite_file, is_backed_up_while_it_is_written) {
    const auto store = open_sqlite(options_).value();
    for (std::uint64_t number = 1; number <= 50; ++number) store->commit(samples::contact(number));
    sqlite_options copy;
    copy.path = folder_.file("copy.db");
    ASSERT_TRUE(store->backup(copy.path));
    for (std::uint64_t number = 51; number <= 60; ++number) store->commit(samples::contact(number));
    EXPECT_TRUE(survived(copy, {50, 50}));
    EXPECT_TRUE(quick_check(options_)) << "checking works beside a running engine";
    EXPECT_EQ(store->backup(copy.path).error().code, errc::conflict);
    EXPECT_EQ(store->backup(folder_.file("no/such/folder/copy.db")).error().code, errc::io);
    EXPECT_FALSE(std::filesystem::exists(folder_.file("copy.db.part")));
}

TEST_F(sqlite_file, is_copied_as_of_what_its_database_has_where_that_is_enough) {
    options_.follow_every = std::chrono::minutes{10};
    const auto store = open_sqlite_copy(options_).value();
    const auto commit = [&](std::uint64_t number) {
        const kept_row place{"place", "of this", samples::noon, std::to_string(number), false};
        ASSERT_EQ(store->commit(std::make_shared<const batch>(samples::contact(number)), place).state,
                  commit_state::committed);
    };
    for (std::uint64_t number = 1; number <= 20; ++number) commit(number);
    EXPECT_EQ(store->kept_one("place", "of this").value().bytes, "20");
    for (std::uint64_t number = 21; number <= 30; ++number) commit(number);
    sqlite_options lately;
    lately.path = folder_.file("lately.db");
    sqlite_options now;
    now.path = folder_.file("now.db");
    ASSERT_TRUE(backup_sqlite(options_, lately.path, backup_moment::lately));
    ASSERT_TRUE(backup_sqlite(options_, now.path));
    EXPECT_TRUE(survived(lately, {20, 20}));
    EXPECT_TRUE(survived(now, {30, 30}));
    EXPECT_EQ(open_sqlite(lately).value()->kept_one("place", "of this").value().bytes, "20");
    EXPECT_EQ(open_sqlite(now).value()->kept_one("place", "of this").value().bytes, "30");
}

TEST_F(sqlite_file, that_is_missing_is_neither_backed_up_nor_checked) {
    EXPECT_EQ(backup_sqlite(options_, folder_.file("copy.db")).error().code, errc::not_found);
    EXPECT_EQ(quick_check(options_).error().code, errc::io);
    EXPECT_FALSE(std::filesystem::exists(options_.path));
}

TEST_F(sqlite_file, refuses_an_entry_that_its_key_cannot_hold) {
    const auto store = open_sqlite(options_).value();
    auto too_many = samples::contact(1);
    too_many.entries.push_back(samples::entry(1, 1U << 20U));
    const auto outcome = store->commit(too_many);
    EXPECT_EQ(outcome.state, commit_state::refused);
    EXPECT_FALSE(store->ticket(ticket_id{1}));
}

}  // namespace
}  // namespace kindred::store
