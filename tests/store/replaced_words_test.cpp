#include "engine/store/sqlite/sqlite.hpp"
#include "tests/store/support/samples.hpp"
#include "tests/store/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

/// What was said and is replaced, as by words whose time is over, is in no page of the file any more.
namespace kindred::store {
namespace {

using namespace samples;

constexpr std::string_view said = "Nobody else may ever read this: pelargonium. ";

class replaced_rows : public testing::Test {
protected:
    replaced_rows() {
        options_.path = folder_.file("kindred.db");
        options_.sync = sync_level::off;
        store_ = open_sqlite(options_).value();
    }
    void commit(batch changes) {
        changes.id = id_of(++number_);
        ASSERT_EQ(store_->commit(changes).state, commit_state::committed);
        // Else rows that change soon after are written once, as they were last.
        (void)store_->ticket(ticket_id{1});
    }
    /// Everything in pages, also those that are free.
    bool copy_has_it() {
        const auto copy = folder_.file("copy" + std::to_string(++copies_));
        EXPECT_TRUE(backup_sqlite(options_, copy));
        std::ostringstream bytes;
        bytes << std::ifstream(copy, std::ios::binary).rdbuf();
        return bytes.str().find(said) != std::string::npos;
    }
    /// A ticket of which much was said in every place, or little.
    static batch conversation(std::size_t words) {
        std::string much;
        for (std::size_t i = 0; i < words; ++i) much += said;
        auto made = contact(1);
        made.keys.clear();
        made.journal.reset();
        made.customers[0].json = "{\"notes\":\"" + much + "\"}";
        made.tickets[0].subject = much;
        made.tickets[0].state = much;
        made.entries.clear();
        for (std::uint32_t n = 1; n <= 30; ++n) {
            made.entries.push_back(entry(1, n));
            made.entries.back().json = "{\"text\":\"" + much + "\"}";
        }
        made.outbox = {outgoing(1, 1)};
        made.outbox[0].json = "{\"text\":\"" + much + "\"}";
        made.kept = {{"moment", "1", noon, much, words == 0}};
        return made;
    }

    temporary_folder folder_;
    sqlite_options options_;
    std::unique_ptr<store> store_;
    std::uint64_t number_ = 0;
    int copies_ = 0;
};

TEST_F(replaced_rows, leave_the_file_when_they_were_short) {
    commit(conversation(1));
    EXPECT_TRUE(copy_has_it());
    commit(conversation(0));
    EXPECT_FALSE(copy_has_it());
}

TEST_F(replaced_rows, leave_the_file_when_they_had_pages_of_their_own) {
    commit(conversation(500));
    EXPECT_TRUE(copy_has_it());
    commit(conversation(0));
    EXPECT_FALSE(copy_has_it());
}

TEST_F(replaced_rows, leave_the_file_also_after_something_was_erased) {
    commit(contact(2));
    batch over;
    over.erased = {ticket_id{2}};
    commit(over);
    commit(conversation(1));
    EXPECT_TRUE(copy_has_it());
    commit(conversation(0));
    EXPECT_FALSE(copy_has_it());
}

}  // namespace
}  // namespace kindred::store
