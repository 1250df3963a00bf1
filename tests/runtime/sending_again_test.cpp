#include "engine/runtime/sending/sending_again.hpp"

#include "engine/runtime/people/audit.hpp"
#include "engine/runtime/tickets/reply_context.hpp"
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kindred::runtime {
namespace {

/// A ticket of ann's in which a reply has failed, because the customer had said STOP.
class a_failed_reply : public testing::Test {
protected:
    a_failed_reply() {
        desk_ = run_.open_desk(run_.ann);
        (void)run_.set_presence(run_.ann, dispatch::presence::available);
        ticket_ = run_.contact(message_of("v1", "m1"), "texts").ticket;
        (void)run_.answer(run_.ann, offer_on(*desk_), true);
        (void)run_.contact(message_of("v1", "m2", "STOP"), "texts");
        const auto said = run_.act(run_.ann, ticket_, action::reply{"a lamp"}).value();
        entry_ = static_cast<std::uint32_t>(json::document::parse(said).value()["entry"].integer().value());
        run_.settle();
    }

    std::vector<store::outbox_row> rows() { return run_.durable().outbox_of(ticket_).value(); }
    action::send_again again() {
        auto failed = rows();
        std::erase_if(failed, [](const auto& each) { return each.state != store::outbox_state::failed; });
        return {entry_, std::move(failed)};
    }
    void allow() { (void)run_.contact(message_of("v1", "m3", "START"), "texts"); }
    std::size_t lines(std::string_view kind) {
        const auto kinds = run_.kinds_of(ticket_);
        return static_cast<std::size_t>(std::count(kinds.begin(), kinds.end(), kind));
    }

    site_run run_;
    std::shared_ptr<listening_socket> desk_;
    ticket_id ticket_;
    std::uint32_t entry_ = 0;
};

TEST_F(a_failed_reply, GoesAgainOnceHoweverOftenItIsAskedFor) {
    allow();
    const auto chat = run_.open_chat("v1", "texts");
    const auto wanted = again();
    ASSERT_EQ(wanted.failed.size(), 1U);
    const auto key = outgoing_from_json(wanted.failed[0].json).idempotency_key;
    const auto first = json::document::parse(run_.act(run_.ann, ticket_, wanted).value()).value();
    EXPECT_EQ(first["messages"].integer(), 1);
    ASSERT_TRUE(run_.delivered(ticket_));
    // The same failure, as somebody else saw it before it went again, and under another key.
    const auto second = json::document::parse(run_.act(run_.ann, ticket_, wanted, "another").value()).value();
    EXPECT_TRUE(second["repeated"].boolean().value_or(false));
    EXPECT_EQ(second["entry"].integer(), first["entry"].integer());
    ASSERT_TRUE(run_.delivered(ticket_));
    EXPECT_EQ(lines("sent_again"), 1U);
    ASSERT_EQ(rows().size(), 1U);
    EXPECT_EQ(rows()[0].state, store::outbox_state::sent);
    std::size_t heard = 0;
    for (const auto& frame : chat->heard()) heard += frame.find("a lamp") != std::string::npos;
    EXPECT_EQ(heard, 1U);
    EXPECT_EQ(outgoing_from_json(rows()[0].json).idempotency_key, key) << "its provider knows a repetition by it";
    const auto audited = latest_audit_records(run_.durable(), 0, 10).value();
    EXPECT_EQ(std::count_if(audited.begin(), audited.end(),
                            [](const auto& each) { return each.action == "message.sent_again"; }),
              1);
}

TEST_F(a_failed_reply, StaysFailedWhileTheCustomerMustNotBeWrittenTo) {
    const auto refused = run_.act(run_.ann, ticket_, again());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::conflict);
    EXPECT_NE(refused.error().message.find("do_not_contact"), std::string::npos) << refused.error().message;
    EXPECT_EQ(rows()[0].state, store::outbox_state::failed);
    EXPECT_EQ(lines("sent_again"), 0U);
    allow();
    EXPECT_TRUE(run_.act(run_.ann, ticket_, again())) << "a refusal uses nothing up";
}

TEST_F(a_failed_reply, IsNotOfferedToWhoDoesNotHoldTheTicket) {
    allow();
    EXPECT_EQ(run_.act(run_.ben, ticket_, again()).error().code, errc::conflict);
}

TEST_F(a_failed_reply, GetsANewKeyWhereItsProviderHadTakenIt) {
    allow();
    auto wanted = again();
    wanted.failed[0].state = store::outbox_state::sent;
    const auto key = outgoing_from_json(wanted.failed[0].json).idempotency_key;
    ASSERT_TRUE(run_.act(run_.ann, ticket_, wanted));
    run_.settle();
    const auto now = outgoing_from_json(rows()[0].json).idempotency_key;
    EXPECT_NE(now, key);
    EXPECT_TRUE(now.starts_with(key));
}

TEST_F(a_failed_reply, OnItsWayDoesNotGoASecondTime) {
    allow();
    auto wanted = again();
    ASSERT_TRUE(run_.act(run_.ann, ticket_, wanted));  // nobody is in the chat: it waits
    wanted.failed[0].attempts += 1;                    // as if it had failed once more meanwhile
    EXPECT_EQ(run_.act(run_.ann, ticket_, wanted).error().message, "the message is on its way");
}

}  // namespace
}  // namespace kindred::runtime
