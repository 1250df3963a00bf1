#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/store/support/samples.hpp"
#include "tests/store/support/survival.hpp"
#include "tests/store/support/temporary_folder.hpp"

#include <atomic>
#include <filesystem>
#include <thread>

namespace kindred::store {
namespace {

constexpr std::uint64_t batches = 400;

class sqlite_threads : public testing::Test {
protected:
    sqlite_threads() {
        options_.path = folder_.file("store.db");
        options_.sync = sync_level::off;
        options_.checkpoint_pages = 100;
    }
    void commit_all(store& to) {
        for (std::uint64_t number = 1; number <= batches; ++number) {
            ASSERT_EQ(to.commit(samples::contact(number)).state, commit_state::committed);
        }
        done_ = true;
    }

    temporary_folder folder_;
    sqlite_options options_;
    std::atomic<bool> done_{false};
};

TEST_F(sqlite_threads, a_prefetch_saw_at_least_what_it_says) {
    const auto store = open_sqlite(options_).value();
    const auto watch = [&] {
        std::vector<prefetch_query> all(batches);
        for (std::uint64_t number = 1; number <= batches; ++number) all[number - 1].key = samples::delivery(number);
        bool last = false;
        while (!last) {
            last = done_;
            const auto found = store->prefetch(all).value();
            std::uint64_t seen = 0;
            while (seen < batches && found[seen].seen) ++seen;
            ASSERT_LE(found.front().as_of, seen);
            for (std::uint64_t beyond = seen; beyond < batches; ++beyond) ASSERT_FALSE(found[beyond].seen);
        }
    };
    std::thread first(watch);
    std::thread second(watch);
    commit_all(*store);
    first.join();
    second.join();
    (void)store->find_key(samples::delivery(1)).value();  // a current read, which a prefetch after it cannot be behind
    EXPECT_EQ(store->prefetch(std::vector{prefetch_query{}}).value().front().as_of, batches);
}

TEST_F(sqlite_threads, no_key_is_called_unused_as_of_its_commit) {
    const auto store = open_sqlite(options_).value();
    const auto watch = [&] {
        while (!done_) {
            for (std::uint64_t number = 1; number <= batches; ++number) {
                const auto as_of = store->surely_unused(samples::delivery(number));
                if (as_of) ASSERT_LT(*as_of, number);
            }
        }
    };
    std::thread first(watch);
    std::thread second(watch);
    commit_all(*store);
    first.join();
    second.join();
}

TEST_F(sqlite_threads, intake_accounts_lists_and_commits_do_not_disturb_each_other) {
    {
        const auto store = open_sqlite(options_).value();
        std::thread intake([&] {
            for (std::uint64_t number = 1000; !done_; ++number) {
                const auto placed = store->ingest(std::vector{samples::item(number), samples::item(number)}).value();
                ASSERT_FALSE(placed[0].duplicate);
                ASSERT_TRUE(placed[1].duplicate);
            }
        });
        std::thread desk([&] {
            while (!done_) {
                ticket_filter open;
                open.open_only = true;
                ASSERT_TRUE(store->tickets(open));
                ASSERT_TRUE(store->put_session({"hash", agent_id{1}, samples::noon, samples::noon, samples::noon}));
                ASSERT_TRUE(store->trim(samples::noon, samples::noon));
            }
        });
        commit_all(*store);
        intake.join();
        desk.join();
    }
    EXPECT_TRUE(survived(options_, {batches, batches}));
}

TEST_F(sqlite_threads, a_thread_folds_the_journal_into_the_file_meanwhile) {
    constexpr std::uint64_t far_too_many = 200'000;
    constexpr std::uintmax_t more_than_a_new_file = 400'000;
    const auto store = open_sqlite(options_).value();
    std::uint64_t number = 0;
    while (number < far_too_many && std::filesystem::file_size(options_.path) < more_than_a_new_file) {
        ASSERT_EQ(store->commit(samples::contact(++number)).state, commit_state::committed);
    }
    EXPECT_LT(number, far_too_many);
}

TEST_F(sqlite_threads, a_folded_journal_is_written_from_its_start_again) {
    options_.checkpoint_pages = 1'000'000;
    const auto opened = sqlite::sqlite_store::open(options_);
    auto& store = **opened;
    std::uintmax_t after_the_first = 0;
    for (std::uint64_t number = 1; number <= batches; ++number) {
        ASSERT_EQ(store.commit(samples::contact(number)).state, commit_state::committed);
        if (number % 100 != 0) continue;
        ASSERT_TRUE(store.fold_journal());
        const auto size = std::filesystem::file_size(options_.path + "-wal");
        if (number == 100) after_the_first = size;
        EXPECT_LT(size, 2 * after_the_first);
    }
}

}  // namespace
}  // namespace kindred::store
