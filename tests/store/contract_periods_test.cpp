#include "tests/store/contract.hpp"
#include "tests/store/support/makers.hpp"
#include "tests/store/support/samples.hpp"

namespace kindred::store {
namespace {

using namespace samples;

using numbers = std::vector<std::uint64_t>;

class periods : public store_contract {
protected:
    static time_point minute(int number) { return noon + std::chrono::minutes(10 * number); }

    /// Three tickets: the number of an entry is the ten minutes in which it came, `kind` by turns.
    void SetUp() override {
        store_contract::SetUp();
        for (std::uint32_t at = 1; at <= 30; ++at) {
            batch written;
            written.id = id_of(at);
            const std::uint64_t of = at % 3 + 1;
            if (at <= 3) written.tickets = {ticket(of)};
            written.entries = {{ticket_id{of}, at, at % 2 == 0 ? "reply" : "contact", minute(static_cast<int>(at)),
                                "{\"n\":" + std::to_string(at) + "}"}};
            ASSERT_EQ(under_test().commit(written).state, commit_state::committed);
        }
    }
    static entry_selection between(int from, int until, std::vector<std::string> kinds = {"contact", "reply"}) {
        return {minute(from), minute(until), std::move(kinds), {}, {}};
    }
    numbers found(const entry_selection& wanted, std::size_t most = 1000) {
        numbers seen;
        const auto read = under_test().entries_between(wanted, [&](const selected_entry& row) {
            seen.push_back(row.entry.number);
            return seen.size() < most;
        });
        EXPECT_TRUE(read);
        return seen;
    }
};

INSTANTIATE_TEST_SUITE_P(each, periods, testing::ValuesIn(all_makers()), name_of_maker);

TEST_P(periods, begin_with_their_first_moment_and_end_before_their_last) {
    EXPECT_EQ(found(between(5, 9)), (numbers{5, 6, 7, 8}));
    EXPECT_EQ(found(between(5, 9), 2), (numbers{5, 6}));
    EXPECT_EQ(found(between(29, 99)), (numbers{29, 30}));
    EXPECT_EQ(found(between(-9, 3)), (numbers{1, 2}));
    EXPECT_EQ(found(between(0, 99)).size(), 30U);
    EXPECT_EQ(found(between(9, 9)), numbers{});
    EXPECT_EQ(found(between(9, 5)), numbers{});
    EXPECT_EQ(found(between(40, 50)), numbers{});
}

TEST_P(periods, have_only_the_kinds_that_are_wanted) {
    EXPECT_EQ(found(between(5, 9, {"reply"})), (numbers{6, 8}));
    EXPECT_EQ(found(between(5, 9, {"note"})), numbers{});
    EXPECT_EQ(found(between(5, 9, {})), numbers{});
}

TEST_P(periods, give_texts_and_tickets_where_they_are_asked_for) {
    auto wanted = between(5, 7);
    wanted.with_json = {"reply"};
    wanted.with_ticket = {"contact"};
    std::vector<selected_entry> seen;
    ASSERT_TRUE(under_test().entries_between(wanted, [&](const selected_entry& row) {
        seen.push_back(row);
        return true;
    }));
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0].entry, (entry_row{ticket_id{3}, 5, "contact", minute(5), ""}));
    EXPECT_EQ(seen[0].channel, "whatsapp");
    EXPECT_EQ(seen[0].customer, customer_id{3});
    EXPECT_EQ(seen[1].entry, (entry_row{ticket_id{1}, 6, "reply", minute(6), R"({"n":6})"}));
    EXPECT_EQ(seen[1].channel, "");
    EXPECT_EQ(seen[1].customer, customer_id{});
}

TEST_P(periods, keep_an_entry_that_is_written_again) {
    batch again;
    again.id = id_of(31);
    again.entries = {{ticket_id{3}, 5, "contact", minute(5), R"({"deleted":true})"}};
    ASSERT_EQ(under_test().commit(again).state, commit_state::committed);
    EXPECT_EQ(found(between(4, 7)), (numbers{4, 5, 6}));
    EXPECT_EQ(found(between(28, 99)), (numbers{28, 29, 30}));
}

TEST_P(periods, are_in_order_when_many_tickets_change_at_once) {
    batch written;
    written.id = id_of(31);
    written.entries = {{ticket_id{9}, 33, "contact", minute(33), "{}"},
                       {ticket_id{2}, 35, "contact", minute(35), "{}"},
                       {ticket_id{5}, 34, "contact", minute(34), "{}"}};
    ASSERT_EQ(under_test().commit(written).state, commit_state::committed);
    EXPECT_EQ(found(between(33, 99)), (numbers{33, 34, 35}));
    restart();
    EXPECT_EQ(found(between(34, 35)), (numbers{34}));
}

TEST_P(periods, may_ask_the_store_about_what_they_show) {
    std::size_t asked = 0;
    ASSERT_TRUE(under_test().entries_between(between(0, 99), [&](const selected_entry& row) {
        asked += under_test().entries(row.entry.ticket, 0, 1).value().size();
        return true;
    }));
    EXPECT_EQ(asked, 30U);
}

}  // namespace
}  // namespace kindred::store
