#include "engine/store/sqlite/key_runs.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/sqlite.hpp"
#include "tests/store/support/samples.hpp"
#include "tests/store/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace kindred::store {
namespace {

using samples::noon;

/// A store of which every transaction with several keys makes a run, beside a map that says what must be found.
class store_with_key_runs : public testing::Test {
protected:
    store_with_key_runs() {
        options_.path = folder_.file("store.db");
        options_.sync = sync_level::off;
        options_.key_run = 3;
        reopen();
    }
    void reopen() {
        store_.reset();
        store_ = open_sqlite(options_).value();
        (void)store_->load([](ticket_row&&) {}).value();
    }
    /// One transaction of the database: whoever asks waits for it.
    void use(std::uint64_t first, std::uint64_t last) {
        batch written;
        written.id = samples::id_of(++batches_);
        for (auto number = first; number <= last; ++number) {
            const key_row row{samples::delivery(number), ticket_id{number + batches_},
                              static_cast<std::uint32_t>(batches_), noon};
            written.keys.push_back(row);
            used_[number] = row;
        }
        ASSERT_EQ(store_->commit(written).state, commit_state::committed);
        (void)store_->find_key({"", ""});
    }
    void expect_all_found() {
        std::vector<prefetch_query> asked;
        for (const auto& [number, row] : used_) {
            EXPECT_EQ(store_->find_key(row.key).value(), row) << number;
            asked.emplace_back().key = row.key;
        }
        const auto found = store_->prefetch(asked).value();
        auto at = found.begin();
        for (const auto& [number, row] : used_) EXPECT_EQ((at++)->seen, row) << number;
        EXPECT_FALSE(store_->find_key(samples::delivery(999'999)).value());
    }
    std::int64_t count(const char* table) {
        const auto on = sqlite::connection::open({options_.path, {}, true, true});
        const auto sql = std::string("SELECT count(*) FROM ") + table;
        sqlite::statement asked(*on, sql);
        sqlite::cursor row(asked);
        return row.next() ? row.integer(0) : -1;
    }

    temporary_folder folder_;
    sqlite_options options_;
    std::unique_ptr<store> store_;
    std::uint64_t batches_ = 0;
    std::map<std::uint64_t, key_row> used_;
};

TEST_F(store_with_key_runs, finds_each_key_at_every_step_of_its_way_into_the_table) {
    for (std::uint64_t step = 0; step < 40; ++step) {
        use(step * 50, step * 50 + 49);
        expect_all_found();
        if (step % 7 == 3) reopen();
        expect_all_found();
    }
}

TEST_F(store_with_key_runs, brings_each_run_into_the_table_within_sixteen_transactions) {
    use(1, 500);
    EXPECT_EQ(count("key_runs"), 1);
    EXPECT_LT(count("keys"), 100) << "one slice of sixteen";
    for (std::uint64_t other = 0; other < 15; ++other) use(1000 + other, 1000 + other);
    EXPECT_EQ(count("key_runs"), 0);
    EXPECT_EQ(count("keys"), 515);
    expect_all_found();
    for (std::uint64_t step = 0; step < 60; ++step) use(2000 + step * 20, 2000 + step * 20 + 19);
    EXPECT_LE(count("key_runs"), 16);
    expect_all_found();
}

TEST_F(store_with_key_runs, the_last_use_of_a_key_counts_wherever_the_one_before_is) {
    use(1, 100);
    use(40, 45);  // from one run to the next
    use(50, 50);  // too few for a run, and the first is still in one
    expect_all_found();
    std::mt19937 random(8);
    for (int step = 0; step < 200; ++step) {
        const auto first = random() % 120;
        use(first, first + random() % 6);
        if (step % 31 == 0) reopen();
        if (step % 10 == 0) expect_all_found();
    }
    expect_all_found();
}

TEST_F(store_with_key_runs, a_key_in_a_run_is_a_duplicate_at_intake) {
    use(1, 30);
    auto known = samples::item(7);
    known.key = samples::delivery(7);
    auto fresh = samples::item(77);
    fresh.key = samples::delivery(77);
    const auto placed = store_->ingest(std::vector{known, fresh}).value();
    EXPECT_TRUE(placed[0].duplicate);
    EXPECT_FALSE(placed[1].duplicate);
}

TEST_F(store_with_key_runs, a_copy_of_the_store_has_the_keys_of_runs_too) {
    for (std::uint64_t step = 0; step < 20; ++step) use(step * 10, step * 10 + 9);
    const auto copy = folder_.file("copy.db");
    ASSERT_TRUE(backup_sqlite(options_, copy));
    options_.path = copy;
    reopen();
    expect_all_found();
}

TEST_F(store_with_key_runs, a_damaged_run_is_refused_at_the_start) {
    use(1, 30);
    store_.reset();
    const auto on = sqlite::connection::open({options_.path, {}, true, true});
    ASSERT_EQ(on->run("UPDATE key_runs SET records = substr(records, 1, 55)"), SQLITE_OK);
    const auto opened = open_sqlite(options_);
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().message.find("read the latest keys"), std::string::npos) << opened.error().message;
}

TEST(key_runs, are_in_the_order_of_their_bytes) {
    std::mt19937 random(3);
    for (int i = 0; i < 10'000; ++i) {
        sqlite::key_record one;
        sqlite::key_record other;
        for (auto* each : {&one, &other})
            for (auto& byte : each->hash) byte = static_cast<char>(random() % 3 == 0 ? random() : 0);
        EXPECT_EQ(sqlite::comes_before(one, other), one.view() < other.view());
    }
}

}  // namespace
}  // namespace kindred::store
