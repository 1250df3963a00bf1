// Two tickets of one customer become one.
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kindred::runtime {
namespace {

class merging : public testing::Test {
protected:
    /// Of one customer, in a conversation of its own.
    ticket_id ticket_in(const std::string& conversation, const std::string& visitor = "v1") {
        auto message = message_of(visitor, "first of " + conversation);
        message.conversation = conversation;
        return run_.contact(message).ticket;
    }
    /// By ann, who takes the source first: only who holds a ticket merges it.
    result<std::string> merge(ticket_id source, ticket_id into) {
        (void)run_.act(site_run::ann, source, action::assign{site_run::ann});
        return run_.act(site_run::ann, source, action::merge{into});
    }
    store::ticket_row row(ticket_id ticket) { return run_.durable().ticket(ticket).value(); }
    bool has(ticket_id ticket, const std::string& kind) {
        const auto kinds = run_.kinds_of(ticket);
        return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
    }

    site_run run_;
};

TEST_F(merging, TheSourceIsOverAndTheOtherGoesOn) {
    const auto source = ticket_in("a");
    const auto target = ticket_in("b");
    ASSERT_NE(source, target);
    ASSERT_TRUE(merge(source, target));
    EXPECT_EQ(row(source).status, store::ticket_status::resolved);
    EXPECT_EQ(row(target).status, store::ticket_status::waiting);
    EXPECT_TRUE(has(source, "merged"));
    EXPECT_TRUE(has(target, "merged"));
}

TEST_F(merging, WhatIsWrittenToEitherConversationGoesToTheOneThatIsLeft) {
    const auto first = ticket_in("a");
    const auto left = ticket_in("c");
    ASSERT_TRUE(merge(first, left));
    auto message = message_of("v1", "later in a");
    message.conversation = "a";
    EXPECT_EQ(run_.contact(message).ticket, left) << "through the merge";
    message = message_of("v1", "later in c");
    message.conversation = "c";
    EXPECT_EQ(run_.contact(message).ticket, left);
}

TEST_F(merging, MergesInARowAreFollowedAfterTheTicketsHaveLeftMemory) {
    const auto first = ticket_in("a");
    const auto second = ticket_in("b");
    const auto left = ticket_in("c");
    ASSERT_TRUE(merge(first, second));
    ASSERT_TRUE(merge(second, left));
    (void)ticket_in("z", "v2");  // looking up for one forgets what has ended for all
    const auto write_in_a = [&](const std::string& text) {
        auto message = message_of("v1", text);
        message.conversation = "a";
        return run_.contact(message).ticket;
    };
    EXPECT_EQ(write_in_a("nothing of it is in memory"), left);
    (void)ticket_in("y", "v3");
    ASSERT_TRUE(run_.act(site_run::ann, first, action::note{"brings only this one back"}));
    EXPECT_EQ(write_in_a("only the first is"), left);
    EXPECT_EQ(row(first).status, store::ticket_status::resolved);
    EXPECT_EQ(row(second).status, store::ticket_status::resolved);
}

TEST_F(merging, AHeldTicketFreesItsAgentWithoutWrapUp) {
    const auto desk = run_.open_desk(site_run::ann);
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
    const auto source = ticket_in("a");
    ASSERT_TRUE(run_.answer(site_run::ann, offer_on(*desk), true));
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::away));
    const auto target = ticket_in("b");
    ASSERT_TRUE(merge(source, target));
    EXPECT_EQ(row(source).status, store::ticket_status::resolved);
    const auto board = json::document::parse(run_.board(board_question::about::agents).value()).value();
    board["agents"].for_each([&](json::value each) { EXPECT_EQ(each["used"].text_or_number(), "0"); });
}

TEST_F(merging, WhatMakesNoSenseIsRefusedAndChangesNothing) {
    const auto source = ticket_in("a");
    const auto target = ticket_in("b");
    const auto strangers = ticket_in("s", "v2");
    EXPECT_EQ(run_.act(site_run::ann, source, action::merge{target}).error().code, errc::conflict) << "not hers";
    EXPECT_EQ(merge(source, source).error().code, errc::invalid);
    EXPECT_EQ(merge(source, strangers).error().code, errc::conflict) << "another customer's";
    EXPECT_EQ(merge(source, ticket_id{99}).error().code, errc::conflict);
    EXPECT_EQ(row(source).status, store::ticket_status::held);
    EXPECT_FALSE(has(source, "merged"));
    ASSERT_TRUE(merge(source, target));
    EXPECT_FALSE(merge(target, source)) << "the source is over: no circle";
    EXPECT_EQ(row(target).status, store::ticket_status::held);
}

}  // namespace
}  // namespace kindred::runtime
