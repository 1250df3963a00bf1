#include "engine/runtime/arrivals/recent_keys.hpp"
#include "engine/runtime/arrivals/said_lately.hpp"
#include "engine/runtime/people/customer_book.hpp"
#include "engine/runtime/step.hpp"
#include "engine/runtime/tickets/ticket_book.hpp"
#include "tests/runtime/support/manual_clock.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace kindred::runtime {
namespace {

ticket some_ticket(std::uint64_t id, const std::string& conversation) {
    ticket made;
    made.id = ticket_id{id};
    made.channel = "chat";
    made.conversation = conversation;
    return made;
}

RC_GTEST_PROP(TicketRow, IsReadBackWhole,
              (const std::string& context, const std::string& decision, const std::string& name,
               const std::string& bytes)) {
    auto held = some_ticket(*rc::gen::inRange<std::uint64_t>(1, UINT64_MAX), "v1");
    held.status = store::ticket_status::held;
    held.customer = customer_id{5};
    held.customer_name = name;
    held.holder = agent_id{6};
    held.last_agent = agent_id{*rc::gen::arbitrary<std::uint64_t>()};
    held.queue = "general";
    held.subject = "hello";
    held.created_at = test_start;
    held.updated_at = test_start + duration{1};
    held.waiting_since = test_start + duration{*rc::gen::inRange(-1000, 1000)};
    held.entries = 8;
    held.context = context;
    held.decision = decision;
    const auto row = to_row(held, bytes);
    std::string_view dispatch_bytes;
    const auto read = unpack(row, dispatch_bytes);
    RC_ASSERT(read.has_value());
    RC_ASSERT(dispatch_bytes == bytes);
    RC_ASSERT(to_row(*read, dispatch_bytes) == row);
    RC_ASSERT(read->last_agent == held.last_agent);
    RC_ASSERT(read->waiting_since == held.waiting_since);
    RC_ASSERT(read->customer_name == name);
}

TEST(TicketRow, BytesThatAreNoStateAreRefused) {
    auto held = some_ticket(7, "v1");
    held.context = "{}";
    held.decision = "{\"route\":\"fallback\"}";
    const auto good = to_row(held, "dispatch");
    const auto refused = [&](const std::string& state) {
        auto row = good;
        row.state = state;
        std::string_view bytes;
        const auto read = unpack(row, bytes);
        return !read && read.error().code == errc::corrupt &&
               read.error().message.find("ticket 7") != std::string::npos;
    };
    for (std::size_t size = 0; size < good.state.size(); ++size)
        EXPECT_TRUE(refused(good.state.substr(0, size))) << size;
    EXPECT_TRUE(refused(good.state + "x"));
    auto other_layout = good.state;
    other_layout[0] = 2;
    EXPECT_TRUE(refused(other_layout));
    auto huge = good.state;
    huge.replace(17, 4, "\xff\xff\xff\xff");
    EXPECT_TRUE(refused(huge));
}

RC_GTEST_PROP(Journal, IsReadBackInOrder, (const std::vector<std::string>& commands)) {
    std::string bytes;
    for (std::size_t i = 0; i < commands.size(); ++i)
        append_journal(bytes, test_start + duration{static_cast<int>(i)}, commands[i]);
    std::vector<std::string> read;
    RC_ASSERT(read_journal(bytes, [&](time_point at, std::string_view each) -> result<void> {
                  RC_ASSERT(at == test_start + duration{static_cast<int>(read.size())});
                  read.emplace_back(each);
                  return {};
              }).has_value());
    RC_ASSERT(read == commands);
    if (bytes.empty()) return;
    const auto cut = read_journal(std::string_view(bytes).substr(0, bytes.size() - 1),
                                  [](time_point, std::string_view) -> result<void> { return {}; });
    RC_ASSERT(!cut.has_value());
    RC_ASSERT(cut.error().code == errc::corrupt);
}

TEST(TicketBook, FindsByNumberAndByConversation) {
    ticket_book book;
    book.add(some_ticket(1, "v1"));
    book.add(some_ticket(2, ""));
    EXPECT_EQ(book.find(ticket_id{1})->conversation, "v1");
    EXPECT_EQ(book.find_conversation("chat", "v1")->id, ticket_id{1});
    EXPECT_EQ(book.find_conversation("narrow", "v1"), nullptr);
    EXPECT_EQ(book.find_conversation("chat", ""), nullptr) << "no conversation is not a conversation";
    EXPECT_EQ(book.find(ticket_id{3}), nullptr);
}

TEST(TicketBook, AnEndedTicketStaysUntilEveryReaderOfTheStoreSeesItsEnd) {
    ticket_book book;
    book.add(some_ticket(1, "v1"));
    book.closed(ticket_id{1}, 5);
    book.forget(4);
    EXPECT_NE(book.find_conversation("chat", "v1"), nullptr);
    book.forget(5);
    EXPECT_EQ(book.find(ticket_id{1}), nullptr);
    EXPECT_EQ(book.find_conversation("chat", "v1"), nullptr);
    EXPECT_EQ(book.size(), 0U);
}

TEST(TicketBook, AReopenedTicketIsNotForgotten) {
    ticket_book book;
    book.add(some_ticket(1, "v1"));
    book.closed(ticket_id{1}, 5);
    book.reopened(ticket_id{1});
    book.forget(9);
    EXPECT_NE(book.find(ticket_id{1}), nullptr);
    book.closed(ticket_id{1}, 10);
    book.forget(10);
    EXPECT_EQ(book.find(ticket_id{1}), nullptr);
}

TEST(TicketBook, ForgettingTheEarlierTicketLeavesTheConversationToTheLater) {
    ticket_book book;
    book.add(some_ticket(1, "v1"));
    book.closed(ticket_id{1}, 5);
    book.add(some_ticket(2, "v1"));
    book.forget(5);
    ASSERT_NE(book.find_conversation("chat", "v1"), nullptr);
    EXPECT_EQ(book.find_conversation("chat", "v1")->id, ticket_id{2});
}

TEST(TicketBook, AnOldTicketReadAgainDoesNotTakeItsConversationFromTheOpenOneUnlessItGoesOn) {
    ticket_book book;
    book.add(some_ticket(2, "v1"));
    const auto row = to_row(some_ticket(1, "v1"), {});
    const auto adopted = book.adopt(row, 5);
    ASSERT_TRUE(adopted);
    EXPECT_EQ(book.find_conversation("chat", "v1")->id, ticket_id{2});
    EXPECT_EQ(book.adopt(row, 6).value(), *adopted) << "the one that is here stays";
    book.reopened(ticket_id{1});
    book.forget(9);
    EXPECT_EQ(book.find_conversation("chat", "v1")->id, ticket_id{1});
    EXPECT_FALSE(book.adopt(store::ticket_row{}, 5)) << "no state to read";
}

customer some_customer(std::uint64_t id) {
    customer made;
    made.id = customer_id{id};
    made.version = 1;
    return made;
}

TEST(CustomerBook, AStoredRowNeverReplacesANewerCopy) {
    customer_book book;
    auto newer = some_customer(1);
    newer.name = "Ann";
    newer.version = 2;
    book.add(newer);
    EXPECT_EQ((*book.take({customer_id{1}, 1, "", to_json(some_customer(1))}))->name, "Ann");
    EXPECT_EQ((*book.take({customer_id{2}, 7, "", to_json(some_customer(2))}))->version, 7U);
    EXPECT_FALSE(book.take({customer_id{3}, 1, "", "no JSON"}));
    EXPECT_EQ(book.find(customer_id{3}), nullptr);
}

TEST(CustomerBook, WhoeverWasUsedOfLateStays) {
    customer_book book(2);
    for (const std::uint64_t id : {1, 2, 3}) book.add(some_customer(id));
    ASSERT_NE(book.find(customer_id{1}), nullptr);
    book.forget(0);
    EXPECT_EQ(book.find(customer_id{2}), nullptr);
    EXPECT_NE(book.find(customer_id{1}), nullptr);
    EXPECT_NE(book.find(customer_id{3}), nullptr);
}

TEST(CustomerBook, IdentitiesAreKnownHereAsLongAsTheirCustomer) {
    customer_book book(1);
    auto ann = some_customer(1);
    ann.identities = {{"phone:+4917100000001", proof::proven}, {"email:ann@example.com", proof::proven}};
    book.add(ann);
    book.identified("whatsapp:ann", customer_id{1});
    book.find(customer_id{1})->identities.push_back({"whatsapp:ann", proof::proven});
    for (const char* each : {"phone:+4917100000001", "email:ann@example.com", "whatsapp:ann"}) {
        ASSERT_NE(book.find(each), nullptr) << each;
        EXPECT_EQ(book.find(each)->id, customer_id{1});
    }
    book.changed(customer_id{1}, 5);
    book.add(some_customer(2));
    ASSERT_NE(book.find(customer_id{2}), nullptr);
    book.forget(4);
    EXPECT_NE(book.find("whatsapp:ann"), nullptr) << "the store does not show it yet";
    ASSERT_NE(book.find(customer_id{2}), nullptr) << "used last: the other one leaves";
    book.forget(5);
    EXPECT_EQ(book.find(customer_id{1}), nullptr);
    for (const char* each : {"phone:+4917100000001", "email:ann@example.com", "whatsapp:ann"})
        EXPECT_EQ(book.find(each), nullptr) << each;
}

TEST(CustomerBook, AnIdentityOfARowFromTheStoreIsKnownToo) {
    customer_book book;
    auto ann = some_customer(1);
    ann.identities = {{"email:ann@example.com", proof::proven}};
    ASSERT_TRUE(book.take({customer_id{1}, 1, "", to_json(ann)}));
    ASSERT_NE(book.find("email:ann@example.com"), nullptr);
    EXPECT_EQ(book.find("email:ann@example.com")->id, customer_id{1});
    EXPECT_EQ(book.find("email:bob@example.com"), nullptr);
}

RC_GTEST_PROP(CustomerBook, NeverForgetsAChangeThatTheStoreDoesNotShow, ()) {
    const auto capacity = *rc::gen::inRange<std::size_t>(1, 6);
    customer_book book(capacity);
    std::map<std::uint64_t, std::uint64_t> changed_in;  // customer to batch
    std::uint64_t batch = 1;
    std::uint64_t visible = 0;
    std::uint64_t last_forgotten = 0;
    const auto steps = *rc::gen::container<std::vector<std::pair<int, std::uint64_t>>>(
        rc::gen::pair(rc::gen::inRange(0, 4), rc::gen::inRange<std::uint64_t>(1, 12)));
    for (const auto& [what, id] : steps) {
        switch (what) {
            case 0:
                if (book.find(customer_id{id}) == nullptr) book.add(some_customer(id));
                book.changed(customer_id{id}, batch);
                changed_in[id] = batch;
                break;
            case 1: (void)book.find(customer_id{id}); break;
            case 2: visible = batch++; break;
            default: book.forget(visible); last_forgotten = visible;
        }
        std::size_t here = 0;
        for (const auto& [known, in] : changed_in) {
            const bool found = book.find(customer_id{known}) != nullptr;
            if (in > last_forgotten) RC_ASSERT(found);
            here += found ? 1 : 0;
        }
        if (what == 3 && batch == visible + 1 && here > capacity) {
            const auto uncommitted = static_cast<std::size_t>(std::count_if(
                changed_in.begin(), changed_in.end(), [&](const auto& each) { return each.second > visible; }));
            RC_ASSERT(uncommitted > 0);
        }
    }
}

TEST(RecentKeys, AKeyIsKnownHereUntilTheStoreShowsIt) {
    recent_keys keys;
    keys.add({{"chat", "m1"}, ticket_id{1}, 1, test_start}, 5);
    keys.add({{"chat", "m2"}, ticket_id{1}, 2, test_start}, 6);
    keys.forget(5);
    EXPECT_EQ(keys.find({"chat", "m1"}), std::nullopt);
    ASSERT_TRUE(keys.find({"chat", "m2"}));
    EXPECT_EQ(keys.find({"chat", "m2"})->entry, 2U);
    EXPECT_EQ(keys.find({"chatm", "2"}), std::nullopt);
}

TEST(said_lately, keeps_a_ticket_that_was_opened_again_as_long_as_its_first_opening) {
    said_lately book(2);
    contact first;
    first.text = "first";
    contact again;
    again.text = "again";
    book.opened(ticket_id{1}, first);
    book.opened(ticket_id{1}, again);
    book.opened(ticket_id{2}, first);
    ASSERT_NE(book.find(ticket_id{1}), nullptr) << "two tickets fit";
    EXPECT_EQ(book.find(ticket_id{1})->whole.text, "again");
    book.opened(ticket_id{3}, first);
    EXPECT_EQ(book.find(ticket_id{1}), nullptr);
    EXPECT_NE(book.find(ticket_id{2}), nullptr);
}

}  // namespace
}  // namespace kindred::runtime
