#include "tests/store/contract.hpp"
#include "tests/store/support/makers.hpp"
#include "tests/store/support/samples.hpp"

namespace kindred::store {
namespace {

using namespace samples;

std::vector<std::uint64_t> numbers_of(const std::vector<ticket_row>& rows) {
    std::vector<std::uint64_t> numbers;
    for (const auto& row : rows) numbers.push_back(row.id.value);
    return numbers;
}

using numbers = std::vector<std::uint64_t>;

TEST_P(store_contract, what_is_not_there_is_not_found) {
    EXPECT_EQ(under_test().ticket(ticket_id{1}).error().code, errc::not_found);
    EXPECT_EQ(under_test().customer(customer_id{1}).error().code, errc::not_found);
    EXPECT_EQ(under_test().customer_with("phone:+1").error().code, errc::not_found);
    EXPECT_EQ(under_test().ruleset("x").error().code, errc::not_found);
    EXPECT_FALSE(under_test().find_key(delivery(1)).value());
    EXPECT_TRUE(under_test().entries(ticket_id{1}, 0, 10).value().empty());
    EXPECT_TRUE(under_test().outbox_of(ticket_id{1}).value().empty());
}

TEST_P(store_contract, prefetch_sees_everything_that_a_current_read_saw) {
    for (std::uint64_t number = 1; number <= 3; ++number) {
        ASSERT_EQ(under_test().commit(contact(number)).state, commit_state::committed);
        prefetch_query query;
        query.key = delivery(number);
        query.identities = {identity(number).identity, "phone:+999"};
        query.channel = "whatsapp";
        query.conversation = ticket(number).conversation;
        query.references = {delivery(999), delivery(number)};
        query.ticket = ticket_id{number};
        query.customer = customer_id{number};
        prefetch_query stranger;
        stranger.key = delivery(100);
        const std::vector queries{query, stranger};
        const auto found = prefetch(queries);
        ASSERT_EQ(found.size(), 2U);
        EXPECT_EQ(found[0].seen, contact(number).keys.front());
        ASSERT_EQ(found[0].customers.size(), 2U);
        EXPECT_EQ(found[0].customers[0], customer(number));
        EXPECT_FALSE(found[0].customers[1]);
        EXPECT_EQ(found[0].conversation, ticket(number));
        EXPECT_EQ(found[0].referenced, ticket(number));
        EXPECT_EQ(found[0].ticket, ticket(number));
        EXPECT_EQ(found[0].customer, customer(number));
        EXPECT_EQ(found[0].as_of, number);
        EXPECT_FALSE(found[1].seen);
        EXPECT_FALSE(found[1].conversation);
        EXPECT_FALSE(found[1].referenced);
    }
}

TEST_P(store_contract, prefetch_takes_the_newest_ticket_of_a_conversation_whatever_its_status) {
    batch written;
    written.id = id_of(1);
    for (const std::uint64_t number : {1, 2, 3}) {
        written.tickets.push_back(ticket(number, ticket_status::resolved));
        written.tickets.back().conversation = "same";
    }
    ASSERT_EQ(under_test().commit(written).state, commit_state::committed);
    batch touched;
    touched.id = id_of(2);
    touched.tickets = {written.tickets.front()};  // an older one changes: that makes it no newer
    ASSERT_EQ(under_test().commit(touched).state, commit_state::committed);
    prefetch_query query;
    query.channel = "whatsapp";
    query.conversation = "same";
    EXPECT_EQ(prefetch({query})[0].conversation, written.tickets.back());
    EXPECT_EQ(under_test().conversation("whatsapp", "same").value(), written.tickets.back());
    EXPECT_FALSE(under_test().conversation("forum", "same").value());
    query.channel = "forum";
    EXPECT_FALSE(prefetch({query})[0].conversation);
}

TEST_P(store_contract, prefetch_goes_by_the_first_reference_that_leads_to_a_ticket) {
    auto written = contact(1);
    written.tickets.push_back(ticket(2));
    written.keys.push_back({delivery(2), ticket_id{2}, 1, noon});
    written.keys.push_back({delivery(3), ticket_id{}, 0, noon});
    ASSERT_EQ(under_test().commit(written).state, commit_state::committed);
    prefetch_query query;
    query.references = {delivery(9), delivery(3), delivery(2), delivery(1)};
    EXPECT_EQ(prefetch({query})[0].referenced->id, ticket_id{2});
}

TEST_P(store_contract, a_key_is_surely_unused_only_as_of_commits_that_did_not_use_it) {
    for (std::uint64_t number = 1; number <= 3; ++number) {
        const auto before = under_test().surely_unused(delivery(number));
        EXPECT_LT(before.value_or(0), number);
        ASSERT_EQ(under_test().commit(contact(number)).state, commit_state::committed);
        EXPECT_LT(under_test().surely_unused(delivery(number)).value_or(0), number);
        ASSERT_TRUE(under_test().find_key(delivery(number)).value()) << "a current read";
        EXPECT_FALSE(under_test().surely_unused(delivery(number)));
    }
    // A store may have to get ready for it first.
    std::optional<std::uint64_t> as_of;
    for (int tries = 0; tries < 5'000 && !as_of; ++tries) {
        as_of = under_test().surely_unused(delivery(100));
        if (!as_of) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    EXPECT_EQ(as_of, 3U);
    ASSERT_TRUE(under_test().ingest(std::vector{item(50)}));
    EXPECT_FALSE(under_test().surely_unused(delivery(50)));
}

TEST_P(store_contract, prefetch_finds_ingested_keys_too) {
    ASSERT_TRUE(under_test().ingest(std::vector{item(1)}));
    prefetch_query query;
    query.key = delivery(1);
    EXPECT_TRUE(prefetch({query})[0].seen);
}

class ticket_lists : public store_contract {
protected:
    void SetUp() override {
        store_contract::SetUp();
        batch written;
        written.id = id_of(1);
        for (std::uint64_t number = 1; number <= 12; ++number) {
            auto row = ticket(number, number % 3 == 0 ? ticket_status::resolved : ticket_status::waiting);
            if (number % 2 == 0) row.queue = "vip";
            if (number % 4 == 0) row.holder = agent_id{5};
            row.customer = customer_id{number % 5 + 1};
            written.tickets.push_back(row);
            written.entries.push_back(entry(number, 1));
        }
        written.entries.push_back({ticket_id{2}, 2, "note", noon, R"({"text":"100%_sure \\ broken kettle"})"});
        ASSERT_EQ(under_test().commit(written).state, commit_state::committed);
    }
    numbers listed(const ticket_filter& filter) { return numbers_of(under_test().tickets(filter).value()); }
};

INSTANTIATE_TEST_SUITE_P(each, ticket_lists, testing::ValuesIn(all_makers()), name_of_maker);

TEST_P(ticket_lists, newest_first_and_no_more_than_asked_for) {
    ticket_filter filter;
    filter.limit = 3;
    EXPECT_EQ(listed(filter), (numbers{12, 11, 10}));
    filter.before = ticket_id{10};
    EXPECT_EQ(listed(filter), (numbers{9, 8, 7}));
    filter.limit = 0;
    EXPECT_EQ(listed(filter), numbers{});
}

TEST_P(ticket_lists, each_filter_alone) {
    ticket_filter open;
    open.open_only = true;
    EXPECT_EQ(listed(open), (numbers{11, 10, 8, 7, 5, 4, 2, 1}));
    ticket_filter resolved;
    resolved.status = ticket_status::resolved;
    EXPECT_EQ(listed(resolved), (numbers{12, 9, 6, 3}));
    ticket_filter waiting;
    waiting.status = ticket_status::waiting;
    EXPECT_EQ(listed(waiting), listed(open));
    ticket_filter held;
    held.status = ticket_status::held;
    EXPECT_EQ(listed(held), numbers{});
    ticket_filter vip;
    vip.queue = "vip";
    EXPECT_EQ(listed(vip), (numbers{12, 10, 8, 6, 4, 2}));
    ticket_filter of_customer;
    of_customer.customers = {customer_id{2}};
    EXPECT_EQ(listed(of_customer), (numbers{11, 6, 1}));
    of_customer.customers = {customer_id{3}, customer_id{2}, customer_id{99}};
    EXPECT_EQ(listed(of_customer), (numbers{12, 11, 7, 6, 2, 1}));
    of_customer.before = ticket_id{7};
    of_customer.limit = 2;
    EXPECT_EQ(listed(of_customer), (numbers{6, 2}));
    ticket_filter of_agent;
    of_agent.holder = agent_id{5};
    EXPECT_EQ(listed(of_agent), (numbers{12, 8, 4}));
}

TEST_P(ticket_lists, filters_together_and_a_cursor) {
    ticket_filter filter;
    filter.queue = "vip";
    filter.open_only = true;
    EXPECT_EQ(listed(filter), (numbers{10, 8, 4, 2}));
    filter.holder = agent_id{5};
    EXPECT_EQ(listed(filter), (numbers{8, 4}));
    filter.before = ticket_id{8};
    EXPECT_EQ(listed(filter), (numbers{4}));
    filter.customers = {customer_id{1}};
    EXPECT_EQ(listed(filter), numbers{});
}

TEST_P(ticket_lists, a_cursor_walks_over_every_ticket_once) {
    ticket_filter filter;
    filter.open_only = true;
    numbers walked;
    filter.limit = 3;
    for (auto page = listed(filter); !page.empty(); page = listed(filter)) {
        walked.insert(walked.end(), page.begin(), page.end());
        filter.before = ticket_id{page.back()};
    }
    EXPECT_EQ(walked, (numbers{11, 10, 8, 7, 5, 4, 2, 1}));
}

TEST_P(ticket_lists, words_are_looked_for_in_subjects_and_entries) {
    ticket_filter filter;
    filter.text = "KETTLE";
    EXPECT_EQ(listed(filter), numbers{2});
    filter.text = " parcel  kettle ";
    EXPECT_EQ(listed(filter), numbers{2});
    filter.text = "kettle teapot";
    EXPECT_EQ(listed(filter), numbers{});
    filter.text = "line";
    filter.open_only = true;
    EXPECT_EQ(listed(filter).size(), 8U);
    filter.limit = 2;
    EXPECT_EQ(listed(filter), (numbers{11, 10}));
}

TEST_P(ticket_lists, words_mean_themselves) {
    ticket_filter filter;
    filter.text = "100%_sure";
    EXPECT_EQ(listed(filter), numbers{2});
    filter.text = "1__%_sure";
    EXPECT_EQ(listed(filter), numbers{});
    filter.text = R"(\)";
    EXPECT_EQ(listed(filter), numbers{2});
    filter.text = R"(" OR 1=1 --)";
    EXPECT_EQ(listed(filter), numbers{});
}

TEST_P(store_contract, entries_come_in_order_from_where_one_left_off) {
    auto written = contact(1);
    written.entries = {entry(1, 3), entry(1, 1), entry(1, 2), entry(2, 1)};
    ASSERT_EQ(under_test().commit(written).state, commit_state::committed);
    const auto all = under_test().entries(ticket_id{1}, 0, 10).value();
    EXPECT_EQ(all, (std::vector{entry(1, 1), entry(1, 2), entry(1, 3)}));
    EXPECT_EQ(under_test().entries(ticket_id{1}, 1, 1).value(), (std::vector{entry(1, 2)}));
    EXPECT_TRUE(under_test().entries(ticket_id{1}, 3, 10).value().empty());
}

TEST_P(store_contract, the_journal_is_read_from_the_record_that_holds_a_number) {
    for (std::uint64_t number = 1; number <= 4; ++number) {
        ASSERT_EQ(under_test().commit(contact(number)).state, commit_state::committed);
    }
    const auto firsts_from = [&](std::uint64_t from, std::size_t most) {
        numbers firsts;
        const auto read = under_test().journal(from, [&](journal_row&& row) {
            firsts.push_back(row.first);
            return firsts.size() < most;
        });
        EXPECT_TRUE(read);
        return firsts;
    };
    EXPECT_EQ(firsts_from(0, 10), (numbers{10, 20, 30, 40}));
    EXPECT_EQ(firsts_from(25, 10), (numbers{20, 30, 40}));
    EXPECT_EQ(firsts_from(29, 10), (numbers{20, 30, 40}));
    EXPECT_EQ(firsts_from(30, 2), (numbers{30, 40}));
    EXPECT_EQ(firsts_from(50, 10), numbers{});
}

TEST_P(store_contract, load_tells_the_same_before_and_after_a_restart) {
    for (std::uint64_t number = 1; number <= 20; ++number) {
        auto written = contact(number);
        written.outbox = {outgoing(number, number)};
        if (number % 4 == 0) written.tickets.push_back(ticket(number - 1, ticket_status::resolved));
        if (number % 5 == 0) {
            written.outbox.push_back(outgoing(number - 1, number - 1));
            written.outbox.back().state = outbox_state::sent;
        }
        ASSERT_EQ(under_test().commit(written).state, commit_state::committed);
    }
    ASSERT_TRUE(under_test().ingest(std::vector{item(100), item(101)}));
    const auto before = load(under_test());
    restart();
    const auto after = load(under_test());
    EXPECT_EQ(after.open, before.open);
    EXPECT_EQ(after.open.size(), 15U);
    EXPECT_EQ(after.small.pending, before.small.pending);
    EXPECT_EQ(after.small.pending.size(), 16U);
    EXPECT_EQ(after.small.undecided, before.small.undecided);
    EXPECT_EQ(after.small.journal, before.small.journal);
    EXPECT_EQ(after.small.tickets, before.small.tickets);
    const auto small = under_test().load(nullptr).value();
    EXPECT_EQ(small.tickets, before.small.tickets) << "also where nobody wants the tickets";
    EXPECT_EQ(small.pending, before.small.pending);
}

TEST_P(store_contract, rulesets_are_listed_newest_first_without_their_files) {
    auto written = contact(1);
    written.rulesets = {{"old", "ann", noon, "files of old"},
                        {"new", "bo", noon + std::chrono::hours(1), "files of new"}};
    ASSERT_EQ(under_test().commit(written).state, commit_state::committed);
    const auto listed = under_test().rulesets().value();
    ASSERT_EQ(listed.size(), 2U);
    EXPECT_EQ(listed[0], (ruleset_row{"new", "bo", noon + std::chrono::hours(1), ""}));
    EXPECT_EQ(listed[1].hash, "old");
    EXPECT_EQ(under_test().ruleset("old").value().files, "files of old");
}

TEST_P(store_contract, sessions_are_kept_ended_and_trimmed) {
    const auto session_until = [](std::string hash, std::uint64_t agent, time_point until) {
        return session_row{std::move(hash), agent_id{agent}, noon, noon, until};
    };
    const auto an_hour = noon + std::chrono::hours(1);
    for (const auto& each : {session_until("a", 1, an_hour), session_until("b", 1, noon),
                             session_until("c", 2, an_hour), session_until("d", 2, an_hour)}) {
        ASSERT_TRUE(under_test().put_session(each));
    }
    restart();
    EXPECT_EQ(under_test().session("a").value(), session_until("a", 1, an_hour));
    EXPECT_FALSE(under_test().session("x").value());
    ASSERT_TRUE(under_test().drop_sessions("c", agent_id{}));
    EXPECT_FALSE(under_test().session("c").value());
    EXPECT_TRUE(under_test().session("d").value());
    ASSERT_TRUE(under_test().trim(noon, noon));
    EXPECT_FALSE(under_test().session("b").value());
    ASSERT_TRUE(under_test().drop_sessions("", agent_id{1}));
    EXPECT_FALSE(under_test().session("a").value());
    EXPECT_TRUE(under_test().session("d").value());
}

TEST_P(store_contract, tokens_are_kept_and_revoked) {
    token_row token{"hash", "ci", "operator", noon, false};
    ASSERT_TRUE(under_test().put_token(token));
    EXPECT_EQ(under_test().token("hash").value(), token);
    token.revoked = true;
    ASSERT_TRUE(under_test().put_token(token));
    ASSERT_TRUE(under_test().put_token({"other", "bi", "admin", noon + std::chrono::seconds(1), false}));
    restart();
    EXPECT_EQ(under_test().token("hash").value(), token);
    const auto all = under_test().tokens().value();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0], token);
    EXPECT_FALSE(under_test().token("none").value());
}

}  // namespace
}  // namespace kindred::store
