#include "tests/store/contract.hpp"
#include "tests/store/support/samples.hpp"

namespace kindred::store {
namespace {

using namespace samples;

TEST_P(store_contract, a_new_store_is_empty) {
    const auto all = load(under_test());
    EXPECT_EQ(all.small.tickets, 0U);
    EXPECT_EQ(all.small.journal, 0U);
    EXPECT_TRUE(all.open.empty());
    EXPECT_TRUE(all.small.undecided.empty());
    EXPECT_FALSE(all.small.ruleset);
    EXPECT_EQ(under_test().commits(), 0U);
}

TEST_P(store_contract, every_row_of_a_batch_is_found_again) {
    auto written = contact(7);
    written.outbox = {outgoing(3, 7)};
    written.agents = {{agent_id{2}, "ann", R"({"name":"Ann"})"}};
    written.rulesets = {{"abc", "ann", noon, std::string("files\0", 6)}};
    written.active_ruleset = "abc";
    written.settings = {{"counter", "12"}};
    ASSERT_EQ(under_test().commit(written).state, commit_state::committed);
    restart();
    auto& store = under_test();
    EXPECT_EQ(store.ticket(ticket_id{7}).value(), written.tickets.front());
    EXPECT_EQ(store.entries(ticket_id{7}, 0, 10).value(), written.entries);
    EXPECT_EQ(store.customer(customer_id{7}).value(), written.customers.front());
    EXPECT_EQ(store.customer_with(identity(7).identity).value(), written.customers.front());
    EXPECT_EQ(store.find_key(delivery(7)).value(), written.keys.front());
    EXPECT_EQ(store.outbox_of(ticket_id{7}).value(), written.outbox);
    EXPECT_EQ(store.ruleset("abc").value(), written.rulesets.front());
    const auto all = load(store);
    EXPECT_EQ(all.open, written.tickets);
    EXPECT_EQ(all.small.agent_rows, written.agents);
    EXPECT_EQ(all.small.pending, written.outbox);
    EXPECT_EQ(all.small.ruleset, written.rulesets.front());
    EXPECT_EQ(all.small.settings, written.settings);
    EXPECT_EQ(all.small.tickets, 7U);
    EXPECT_EQ(all.small.customers, 7U);
    EXPECT_EQ(all.small.agents, 2U);
    EXPECT_EQ(all.small.outbox, 3U);
    EXPECT_EQ(all.small.journal, 79U);
}

TEST_P(store_contract, what_is_kept_by_name_is_listed_in_order_changed_and_removed) {
    auto first = contact(1);
    const std::string bytes("a\0b", 3);
    first.kept = {{"stop", "b/2", noon, "two"},
                  {"stop", "a/1", noon, bytes},
                  {"stop", "b/1", noon, "one"},
                  {"block", "b/9", noon, "else"}};
    ASSERT_EQ(under_test().commit(first).state, commit_state::committed);
    auto second = contact(2);
    second.kept = {{"stop", "b/2", noon, "", true},
                   {"stop", "b/1", noon, "changed"},
                   {"stop", "c", noon, "three"},
                   {"stop", "c", noon, "", true},
                   {"stop", "never was", noon, "", true}};
    ASSERT_EQ(under_test().commit(second).state, commit_state::committed);
    restart();
    auto& store = under_test();
    const kept_row a{"stop", "a/1", noon, bytes};
    const kept_row b{"stop", "b/1", noon, "changed"};
    EXPECT_EQ(store.kept("stop", "", "", 10).value(), (std::vector<kept_row>{a, b}));
    EXPECT_EQ(store.kept("stop", "", "", 1).value(), (std::vector<kept_row>{a}));
    EXPECT_EQ(store.kept("stop", "", "a/1", 10).value(), (std::vector<kept_row>{b}));
    EXPECT_EQ(store.kept("stop", "b/", "", 10).value(), (std::vector<kept_row>{b}));
    EXPECT_TRUE(store.kept("stop", "b/", "b/1", 10).value().empty());
    EXPECT_EQ(store.kept_one("stop", "b/1").value(), b);
    EXPECT_EQ(store.kept_one("stop", "b/2").error().code, errc::not_found);
}

TEST_P(store_contract, a_batch_retried_under_its_id_is_committed_and_changes_nothing) {
    for (int tries = 1; tries <= 5; ++tries) {
        auto again = contact(1);
        again.tickets.front().subject = "as of try " + std::to_string(tries);
        EXPECT_EQ(under_test().commit(again).state, commit_state::committed);
        EXPECT_EQ(under_test().ticket(ticket_id{1}).value().subject, "as of try 1");
        EXPECT_EQ(under_test().commits(), 1U);
        if (tries == 3) {
            restart();
            EXPECT_EQ(under_test().commits(), 0U);
        }
    }
}

TEST_P(store_contract, an_older_batch_of_the_same_writer_is_not_applied_over_a_newer_one) {
    auto first = contact(1);
    auto second = contact(2);
    second.tickets.push_back(ticket(1, ticket_status::held));
    ASSERT_EQ(under_test().commit(first).state, commit_state::committed);
    ASSERT_EQ(under_test().commit(second).state, commit_state::committed);
    EXPECT_EQ(under_test().commit(first).state, commit_state::committed);
    EXPECT_EQ(under_test().ticket(ticket_id{1}).value().status, ticket_status::held);
    EXPECT_EQ(under_test().commits(), 2U);
}

std::vector<std::shared_ptr<const batch>> contacts(std::uint64_t first, std::uint64_t last) {
    std::vector<std::shared_ptr<const batch>> made;
    for (auto number = first; number <= last; ++number) made.push_back(std::make_shared<const batch>(contact(number)));
    return made;
}

TEST_P(store_contract, batches_that_are_committed_in_turn_are_all_there_and_once) {
    ASSERT_EQ(under_test().commit(contact(1)).state, commit_state::committed);
    const auto first = under_test().commit_in_turn(contacts(1, 20));
    EXPECT_EQ(first.then.state, commit_state::committed);
    EXPECT_EQ(first.committed, 20U);
    EXPECT_EQ(under_test().commits(), 20U);
    const auto again = under_test().commit_in_turn(contacts(18, 23));
    EXPECT_EQ(again.then.state, commit_state::committed);
    EXPECT_EQ(again.committed, 6U);
    EXPECT_EQ(load(under_test()).open.size(), 23U);
    restart();
    EXPECT_EQ(under_test().commit_in_turn(contacts(22, 24)).committed, 3U);
    EXPECT_EQ(load(under_test()).open.size(), 24U);
    EXPECT_EQ(load(under_test()).small.journal, journal(24).last);
    EXPECT_EQ(under_test().entries(ticket_id{9}, 0, 10).value(), contact(9).entries);
}

TEST_P(store_contract, of_batches_in_turn_the_last_one_that_writes_a_row_counts) {
    auto batches = contacts(1, 2);
    batch later;
    later.id = id_of(3);
    later.tickets = {ticket(1, ticket_status::resolved)};
    batches.push_back(std::make_shared<const batch>(later));
    ASSERT_EQ(under_test().commit_in_turn(batches).committed, 3U);
    EXPECT_EQ(under_test().ticket(ticket_id{1}).value().status, ticket_status::resolved);
    EXPECT_EQ(load(under_test()).open.size(), 1U);
    EXPECT_EQ(under_test().commit_in_turn({}).committed, 0U) << "none are committed at once";
}

TEST_P(store_contract, another_incarnation_numbers_its_batches_anew) {
    ASSERT_EQ(under_test().commit(contact(5, 1)).state, commit_state::committed);
    auto other = contact(6, 2);
    other.id.number = 1;
    ASSERT_EQ(under_test().commit(other).state, commit_state::committed);
    EXPECT_TRUE(under_test().ticket(ticket_id{6}));
    EXPECT_EQ(under_test().commits(), 2U);
}

TEST_P(store_contract, rows_replace_rows_with_the_same_key) {
    auto twice = contact(1);
    twice.keys.push_back({delivery(1), ticket_id{9}, 4, noon});
    twice.customers.push_back({customer_id{1}, 2, "Anna", "{}"});
    twice.tickets.push_back(ticket(1, ticket_status::held));
    ASSERT_EQ(under_test().commit(twice).state, commit_state::committed);
    EXPECT_EQ(under_test().find_key(delivery(1)).value()->ticket, ticket_id{9});
    EXPECT_EQ(under_test().customer(customer_id{1}).value().version, 2U);
    EXPECT_EQ(under_test().ticket(ticket_id{1}).value().status, ticket_status::held);

    auto later = contact(2);
    later.tickets = {ticket(1, ticket_status::resolved)};
    later.entries = {{ticket_id{1}, 2, "note", noon, "{}"}, entry(1, 3)};
    later.identities = {{identity(1).identity, customer_id{2}}};
    ASSERT_EQ(under_test().commit(later).state, commit_state::committed);
    EXPECT_EQ(under_test().customer_with(identity(1).identity).value().id, customer_id{2});
    EXPECT_EQ(under_test().entries(ticket_id{1}, 0, 10).value().size(), 3U);
    EXPECT_EQ(under_test().entries(ticket_id{1}, 1, 10).value().front().kind, "note");
    EXPECT_TRUE(load(under_test()).open.empty());
}

TEST_P(store_contract, what_is_erased_is_gone_with_all_that_belongs_to_it) {
    auto first = contact(1);
    first.tickets = {ticket(1, ticket_status::resolved)};
    first.outbox = {outgoing(3, 1)};
    first.kept = {{"draft", "1/7", noon, "words"}, {"draft", "10/7", noon, "others"}, {"stop", "1/7", noon, "stop"}};
    ASSERT_EQ(under_test().commit(first).state, commit_state::committed);
    auto second = contact(2);
    second.outbox = {outgoing(4, 2)};
    ASSERT_EQ(under_test().commit(second).state, commit_state::committed);
    auto erasing = contact(3);
    erasing.erased = {ticket_id{1}, ticket_id{99}};
    erasing.identities.push_back({identity(1).identity, customer_id{}});
    ASSERT_EQ(under_test().commit(erasing).state, commit_state::committed);
    for (const bool again : {false, true}) {
        if (again) restart();
        auto& store = under_test();
        EXPECT_EQ(store.ticket(ticket_id{1}).error().code, errc::not_found);
        EXPECT_TRUE(store.entries(ticket_id{1}, 0, 10).value().empty());
        EXPECT_TRUE(store.outbox_of(ticket_id{1}).value().empty());
        EXPECT_EQ(store.kept_one("draft", "1/7").error().code, errc::not_found);
        EXPECT_TRUE(store.kept_one("draft", "10/7")) << "another ticket's";
        EXPECT_TRUE(store.kept_one("stop", "1/7")) << "another kind";
        EXPECT_EQ(store.customer_with(identity(1).identity).error().code, errc::not_found);
        const auto gone = ticket(1);
        EXPECT_EQ(store.conversation(gone.channel, gone.conversation).value(), std::nullopt);
        EXPECT_TRUE(store.ticket(ticket_id{2}));
        EXPECT_EQ(store.entries(ticket_id{2}, 0, 10).value(), second.entries);
        EXPECT_EQ(store.outbox_of(ticket_id{2}).value(), second.outbox);
        EXPECT_TRUE(store.customer_with(identity(2).identity));
    }
}

TEST_P(store_contract, customers_are_listed_by_their_numbers) {
    for (const unsigned char number : {5, 2, 9})
        ASSERT_EQ(under_test().commit(contact(number, number)).state, commit_state::committed);
    const auto numbers = [&](customer_id after, std::size_t limit) {
        std::vector<std::uint64_t> found;
        for (const auto& row : under_test().customers(after, limit).value()) found.push_back(row.id.value);
        return found;
    };
    EXPECT_EQ(numbers({}, 10), (std::vector<std::uint64_t>{2, 5, 9}));
    EXPECT_EQ(numbers({}, 2), (std::vector<std::uint64_t>{2, 5}));
    EXPECT_EQ(numbers(customer_id{5}, 2), (std::vector<std::uint64_t>{9}));
    EXPECT_TRUE(numbers(customer_id{9}, 2).empty());
}

TEST_P(store_contract, an_empty_batch_is_a_batch) {
    batch nothing;
    nothing.id = id_of(1);
    EXPECT_EQ(under_test().commit(nothing).state, commit_state::committed);
    EXPECT_EQ(under_test().commits(), 1U);
}

TEST_P(store_contract, ingested_items_survive_a_crash_before_they_are_decided) {
    const std::vector items{item(1), item(2)};
    const auto placed = under_test().ingest(items).value();
    ASSERT_EQ(placed.size(), 2U);
    EXPECT_FALSE(placed[0].duplicate);
    EXPECT_LT(placed[0].position, placed[1].position);
    restart();
    const auto all = load(under_test());
    ASSERT_EQ(all.small.undecided.size(), 2U);
    EXPECT_EQ(all.small.undecided[0], std::pair(placed[0].position, items[0]));
    EXPECT_EQ(all.small.undecided[1], std::pair(placed[1].position, items[1]));
}

TEST_P(store_contract, a_consumed_item_is_undecided_no_more) {
    const std::vector items{item(1), item(2)};
    const auto placed = under_test().ingest(items).value();
    auto decided = contact(1);
    decided.consumed = {placed[0].position};
    ASSERT_EQ(under_test().commit(decided).state, commit_state::committed);
    restart();
    const auto left = load(under_test()).small.undecided;
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].second, items[1]);
    EXPECT_EQ(under_test().find_key(delivery(1)).value()->ticket, ticket_id{1});
}

TEST_P(store_contract, a_key_is_taken_in_once) {
    const std::vector twice{item(1), item(2), item(1)};
    const auto first = under_test().ingest(twice).value();
    EXPECT_FALSE(first[0].duplicate);
    EXPECT_FALSE(first[1].duplicate);
    EXPECT_TRUE(first[2].duplicate);
    EXPECT_EQ(load(under_test()).small.undecided.size(), 2U);

    auto decided = contact(1);
    decided.consumed = {first[0].position};
    ASSERT_EQ(under_test().commit(decided).state, commit_state::committed);
    restart();
    const auto later = under_test().ingest(std::vector{item(1), item(3)}).value();
    EXPECT_TRUE(later[0].duplicate);
    EXPECT_FALSE(later[1].duplicate);
    EXPECT_GT(later[1].position, first[1].position);
    EXPECT_EQ(load(under_test()).small.undecided.size(), 2U);
}

TEST_P(store_contract, a_key_that_a_batch_brought_is_a_duplicate_at_intake) {
    ASSERT_EQ(under_test().commit(contact(4)).state, commit_state::committed);
    const auto placed = under_test().ingest(std::vector{item(4)}).value();
    EXPECT_TRUE(placed[0].duplicate);
    EXPECT_TRUE(load(under_test()).small.undecided.empty());
}

TEST_P(store_contract, keys_of_other_spaces_are_other_keys) {
    auto other = item(1);
    other.key.space = "whatsapp#message";
    const auto placed = under_test().ingest(std::vector{item(1), other}).value();
    EXPECT_FALSE(placed[1].duplicate);
    // The border between space and id is part of the key.
    auto shifted = item(1);
    shifted.key = {"whatsappw", shifted.key.id.substr(1)};
    EXPECT_FALSE(under_test().ingest(std::vector{shifted}).value()[0].duplicate);
}

TEST_P(store_contract, trim_keeps_eight_days_and_whatever_an_open_ticket_needs) {
    using std::chrono::days;
    batch written;
    written.id = id_of(1);
    written.tickets = {ticket(1, ticket_status::held), ticket(2, ticket_status::resolved)};
    written.keys = {{delivery(1), ticket_id{1}, 1, noon - days(30)},
                    {delivery(2), ticket_id{2}, 1, noon - days(30)},
                    {delivery(3), ticket_id{2}, 1, noon - days(8)},
                    {delivery(4), ticket_id{0}, 0, noon - days(9)},
                    {delivery(5), ticket_id{2}, 1, noon - days(7)}};
    ASSERT_EQ(under_test().commit(written).state, commit_state::committed);
    while (under_test().trim(noon, noon).value()) {
    }
    const auto kept = [&](std::uint64_t number) { return under_test().find_key(delivery(number)).value().has_value(); };
    EXPECT_TRUE(kept(1));
    EXPECT_FALSE(kept(2));
    EXPECT_TRUE(kept(3));
    EXPECT_FALSE(kept(4));
    EXPECT_TRUE(kept(5));
}

TEST_P(store_contract, trim_gets_through_any_number_of_keys) {
    constexpr std::uint64_t many = 5000;
    batch written;
    written.id = id_of(1);
    for (std::uint64_t i = 1; i <= many; ++i) {
        const auto age = std::chrono::days(i % 2 == 0 ? 20 : 1);
        written.keys.push_back({delivery(i), {}, 0, noon - age});
    }
    ASSERT_EQ(under_test().commit(written).state, commit_state::committed);
    while (under_test().trim(noon - std::chrono::days(10), noon).value()) {
    }
    std::uint64_t left = 0;
    for (std::uint64_t i = 1; i <= many; ++i) left += under_test().find_key(delivery(i)).value() ? 1 : 0;
    EXPECT_EQ(left, many / 2);
}

}  // namespace
}  // namespace kindred::store
