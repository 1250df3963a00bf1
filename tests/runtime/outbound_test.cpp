// Contacts that agents begin: a first message or call, on a new ticket or a resolved one.
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

using texts = std::vector<std::string>;

outbound_contact to_ada(const std::string& text, const std::string& channel = "chat") {
    outbound_contact made;
    made.by = site_run::ann;
    made.channel = channel;
    made.to = "ada@mail.example";
    made.says.text = text;
    return made;
}

ticket_id ticket_in(const result<std::string>& answer) {
    const auto parsed = json::document::parse(answer.value()).value();
    return *parse_id<ticket_id>(parsed["ticket"]["id"].text());
}

class outbound : public testing::Test {
protected:
    store::ticket_row row(ticket_id ticket) { return run_.durable().ticket(ticket).value(); }
    std::string used_by_ann() {
        const auto board = json::document::parse(run_.board(board_question::about::agents).value()).value();
        std::string used;
        board["agents"].for_each([&](json::value each) {
            if (each["id"].text() == "1") used = each["used"].text_or_number();
        });
        return used;
    }

    site_run run_;
};

TEST_F(outbound, ANewTicketIsHeldAtOnceAndItsTextLeaves) {
    const auto chat = run_.open_chat("ada@mail.example");
    const auto answer = run_.begin(to_ada("your lamp is ready"));
    ASSERT_TRUE(answer) << answer.error().message;
    const auto begun = ticket_in(answer);
    EXPECT_EQ(row(begun).status, store::ticket_status::held);
    EXPECT_EQ(row(begun).holder, site_run::ann);
    EXPECT_EQ(row(begun).queue, "general") << "the fallback's, where nothing else is said";
    ASSERT_TRUE(run_.delivered(begun));
    ASSERT_EQ(chat->heard().size(), 1U);
    EXPECT_NE(chat->heard()[0].find("your lamp is ready"), std::string::npos);
    EXPECT_EQ(run_.kinds_of(begun), (texts{"outbound", "assigned", "reply", "delivery"}));
    // The address is a customer from now on, and one who writes later is the same.
    const auto customer = run_.durable().customer_with("email:ada@mail.example");
    ASSERT_TRUE(customer);
    EXPECT_EQ(customer->id, row(begun).customer);
}

TEST_F(outbound, ItUsesCapacityUntilItIsResolved) {
    const auto begun = ticket_in(run_.begin(to_ada("hello")));
    const auto used = used_by_ann();
    EXPECT_NE(used, "0");
    ASSERT_TRUE(run_.act(site_run::ann, begun, action::resolve{"done"}));
    EXPECT_EQ(used_by_ann(), "0");
}

TEST_F(outbound, TheFirstWordSaysThatItIsOneUntilTheCustomerWrites) {
    const auto begun = ticket_in(run_.begin(to_ada("unreachable, so that it stays")));
    const auto messages = run_.durable().outbox_of(begun).value();
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_TRUE(json::document::parse(messages[0].json).value()["first"].boolean().value_or(false)) << messages[0].json;
    const auto answered = run_.contact(message_of("v1", "m1")).ticket;
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
    ASSERT_TRUE(run_.act(site_run::ann, answered, action::assign{site_run::ann}));
    ASSERT_TRUE(run_.act(site_run::ann, answered, action::reply{"unreachable as well"}));
    const auto replies = run_.durable().outbox_of(answered).value();
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_FALSE(json::document::parse(replies[0].json).value()["first"].exists()) << replies[0].json;
}

TEST_F(outbound, AResolvedTicketGoesOnAndAnOpenOneDoesNot) {
    const auto begun = ticket_in(run_.begin(to_ada("first")));
    auto again = to_ada("second");
    again.ticket = begun;
    again.channel.clear();
    const auto open = run_.begin(again);
    ASSERT_FALSE(open);
    EXPECT_EQ(open.error().code, errc::conflict);
    ASSERT_TRUE(run_.act(site_run::ann, begun, action::resolve{"done"}));
    again.channel = "narrow";
    EXPECT_EQ(run_.begin(again).error().code, errc::invalid) << "its channel is another";
    again.channel.clear();
    EXPECT_EQ(ticket_in(run_.begin(again)), begun);
    EXPECT_EQ(row(begun).status, store::ticket_status::held);
    EXPECT_EQ(run_.tickets(), 1U);
    again.ticket = ticket_id{77};
    EXPECT_EQ(run_.begin(again).error().code, errc::not_found);
}

TEST_F(outbound, ACallHasNoTextAndIsPlaced) {
    auto call = to_ada("hello", "calls");
    call.to = "+525512345678";
    EXPECT_EQ(run_.begin(call).error().code, errc::invalid);
    call.says.text.clear();
    const auto begun = ticket_in(run_.begin(call));
    EXPECT_EQ(run_.kinds_of(begun), (texts{"outbound", "assigned", "connecting"}));
    const auto messages = run_.durable().outbox_of(begun).value();
    ASSERT_EQ(messages.size(), 1U);
    const auto placed = json::document::parse(messages[0].json).value();
    EXPECT_TRUE(placed["place_call"].boolean().value_or(false)) << messages[0].json;
    EXPECT_EQ(placed["from"].text(), "+525512345678");
    EXPECT_FALSE(placed["thread"].exists()) << "it goes on from no call";
}

TEST_F(outbound, WhatIsWrongIsNamedAndChangesNothing) {
    const auto code_of = [&](const auto& change) {
        auto wanted = to_ada("hello");
        change(wanted);
        const auto answer = run_.begin(wanted);
        return answer ? std::optional<errc>() : answer.error().code;
    };
    EXPECT_EQ(code_of([](auto& w) { w.to = "nobody"; }), errc::invalid);
    EXPECT_EQ(code_of([](auto& w) { w.channel = "nowhere"; }), errc::invalid);
    EXPECT_EQ(code_of([](auto& w) { w.says.text.clear(); }), errc::invalid);
    EXPECT_EQ(code_of([](auto& w) { w.says.text = std::string(100'001, 'x'); }), errc::too_large);
    EXPECT_EQ(code_of([](auto& w) { w.subject = std::string(501, 'x'); }), errc::too_large);
    EXPECT_EQ(code_of([](auto& w) { w.queue = "nowhere"; }), errc::not_found);
    EXPECT_EQ(run_.tickets(), 0U);
    EXPECT_FALSE(run_.durable().customer_with("email:ada@mail.example"));
}

TEST_F(outbound, TheSameKeyBeginsOneTicket) {
    auto wanted = to_ada("hello");
    wanted.idempotency_key = "k1";
    const auto begun = ticket_in(run_.begin(wanted));
    const auto again = run_.begin(wanted);
    EXPECT_EQ(ticket_in(again), begun);
    EXPECT_NE(again.value().find("\"repeated\":true"), std::string::npos);
    EXPECT_EQ(run_.tickets(), 1U);
    wanted.by = site_run::ben;
    EXPECT_NE(ticket_in(run_.begin(wanted)), begun) << "another agent's key is another";
}

}  // namespace
}  // namespace kindred::runtime
