#include "tests/store/support/quota.hpp"
#include "tests/store/support/samples.hpp"
#include "tests/store/support/shim_vfs.hpp"
#include "tests/store/support/survival.hpp"
#include "tests/store/support/temporary_folder.hpp"

namespace kindred::store {
namespace {

class full_disk : public testing::Test {
protected:
    full_disk() : disk_({&space_}) {
        options_.path = folder_.file("store.db");
        options_.vfs = disk_.name();
        options_.checkpoint_pages = 1'000'000;  // folding the journal could make room at any moment
    }
    /// Commits until the disk is full; the number of the batch that was refused.
    static std::uint64_t fill(store& to, std::uint64_t from) {
        const std::uint64_t far_too_many = from + 20'000;
        for (auto number = from; number < far_too_many; ++number) {
            const auto outcome = to.commit(samples::contact(number));
            if (outcome.state == commit_state::committed) continue;
            EXPECT_EQ(outcome.state, commit_state::refused) << outcome.reason;
            EXPECT_NE(outcome.reason.find("free some space"), std::string::npos) << outcome.reason;
            return number;
        }
        ADD_FAILURE() << "never full";
        return far_too_many;
    }

    temporary_folder folder_;
    quota space_;
    shim_vfs disk_;
    sqlite_options options_;
};

TEST_F(full_disk, refuses_commits_until_there_is_room_and_then_goes_on_without_a_restart) {
    std::uint64_t next = 1;
    auto large = samples::item(900'000);
    large.payload.assign(1'000'000, 'x');
    {
        const auto store = open_sqlite(options_).value();
        ASSERT_EQ(store->commit(samples::contact(next++)).state, commit_state::committed);
        ASSERT_EQ(store->ticket(ticket_id{1}).value(), samples::ticket(1));
        for (int round = 0; round < 3; ++round) {
            space_.leave(300'000);
            next = fill(*store, next);
            EXPECT_EQ(store->commit(samples::contact(next)).state, commit_state::refused);
            EXPECT_EQ(store->ingest(std::vector{large}).error().code, errc::unavailable);
            EXPECT_EQ(store->ticket(ticket_id{1}).value(), samples::ticket(1)) << "reading needs no room";
            EXPECT_FALSE(store->find_key(samples::delivery(next)).value());

            space_.leave(10'000'000);
            EXPECT_EQ(store->commit(samples::contact(next)).state, commit_state::committed);
            ++next;
        }
        EXPECT_FALSE(store->ingest(std::vector{large}).value().front().duplicate);
        EXPECT_EQ(store->commits(), next - 1);
    }
    EXPECT_TRUE(survived(options_, {next - 1, next - 1}));
}

TEST_F(full_disk, a_store_closed_on_a_full_disk_has_everything_it_acknowledged) {
    std::uint64_t refused = 0;
    options_.checkpoint_pages = 40;
    {
        const auto store = open_sqlite(options_).value();
        space_.leave(500'000);
        refused = fill(*store, 1);
    }
    EXPECT_TRUE(space_.hit());
    space_.leave(10'000'000);
    EXPECT_TRUE(survived(options_, {refused - 1, refused - 1}));
}

TEST_F(full_disk, a_new_store_says_that_there_is_no_room) {
    space_.leave(10'000);
    const auto opened = open_sqlite(options_);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, errc::unavailable);
    EXPECT_NE(opened.error().message.find(options_.path), std::string::npos) << opened.error().message;
    EXPECT_NE(opened.error().message.find("free some space"), std::string::npos) << opened.error().message;
    space_.leave(10'000'000);
    EXPECT_TRUE(open_sqlite(options_));
}

}  // namespace
}  // namespace kindred::store
