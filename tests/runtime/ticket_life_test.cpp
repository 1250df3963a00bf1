#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace kindred::runtime {
namespace {

using namespace std::chrono_literals;
using state = outcome::state;
using texts = std::vector<std::string>;

class ticket_life : public testing::Test {
protected:
    /// The ticket of a new visitor, held by ann, whose desk is open.
    ticket_id held_by_ann(const std::string& visitor = "v1") {
        if (!desk_) {
            desk_ = run_.open_desk(site_run::ann);
            EXPECT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
        }
        const auto opened = run_.contact(message_of(visitor, "first of " + visitor)).ticket;
        EXPECT_TRUE(run_.answer(site_run::ann, offer_on(*desk_), true));
        return opened;
    }
    void resolve(ticket_id ticket) { EXPECT_TRUE(run_.act(site_run::ann, ticket, action::resolve{"done"})); }
    store::ticket_row row(ticket_id ticket) { return run_.durable().ticket(ticket).value(); }

    site_run run_;
    std::shared_ptr<listening_socket> desk_;
};

TEST_F(ticket_life, FromContactToResolution) {
    desk_ = run_.open_desk(site_run::ann);
    const auto chat = run_.open_chat("v1");
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));

    const auto opened = run_.contact(message_of("v1", "m1"));
    EXPECT_EQ(opened.what, state::accepted);
    EXPECT_EQ(opened.ticket, ticket_id{1});
    EXPECT_EQ(opened.entry, 1U);
    EXPECT_EQ(row(opened.ticket).status, store::ticket_status::offered) << "an acknowledged contact is durable";

    ASSERT_TRUE(run_.answer(site_run::ann, offer_on(*desk_), true));
    EXPECT_EQ(row(opened.ticket).holder, site_run::ann);
    ASSERT_TRUE(run_.act(site_run::ann, opened.ticket, action::reply{"good day"}));
    ASSERT_TRUE(run_.delivered(opened.ticket));
    ASSERT_EQ(chat->heard().size(), 1U);
    EXPECT_EQ(json::document::parse(chat->heard()[0]).value()["text"].text(), "good day");
    resolve(opened.ticket);

    EXPECT_EQ(row(opened.ticket).status, store::ticket_status::resolved);
    EXPECT_EQ(run_.kinds_of(opened.ticket),
              (texts{"contact", "decision", "queued", "offered", "accepted", "reply", "delivery", "resolved"}));
    const auto customer = run_.durable().customer_with("webchat:v1");
    ASSERT_TRUE(customer);
    EXPECT_EQ(customer->id, row(opened.ticket).customer);
}

TEST_F(ticket_life, ADeskIsToldEverythingInOrderWithoutGaps) {
    const auto ticket = held_by_ann();
    resolve(ticket);
    std::optional<std::int64_t> last;
    for (const auto& text : desk_->heard()) {
        const auto frame = json::document::parse(text).value();
        const auto seq = frame["seq"].integer().value();
        if (last) EXPECT_EQ(seq, *last + 1) << text;
        last = seq;
    }
    texts told;
    for (const auto& frame : frames_of(*desk_, "entry")) told.emplace_back(frame["entry"]["kind"].text());
    EXPECT_EQ(told, (texts{"offered", "accepted", "resolved"})) << "what came before the offer is not this desk's";
    EXPECT_EQ(frames_of(*desk_, "offer_closed").size(), 1U);
}

TEST_F(ticket_life, WhoHeldATicketIsToldThatSomebodyElseDoes) {
    const auto ticket = held_by_ann();
    ASSERT_TRUE(run_.act(site_run::ann, ticket, action::assign{site_run::ben}));
    EXPECT_EQ(frames_of(*desk_, "ticket").back()["ticket"]["holder"]["name"].text(), "ben");
    ASSERT_TRUE(run_.act(site_run::ann, held_by_ann("v2"), action::transfer{.queue = "narrow"}));
    EXPECT_EQ(frames_of(*desk_, "ticket").back()["ticket"]["queue"].text(), "narrow");
}

// The frames of a step go out before its answers: a snapshot from the middle of it would lack what they told.
TEST_F(ticket_life, ADeskHearsOfEveryChangeBySnapshotOrByFrame) {
    std::promise<void> begun;
    std::promise<void> gone;
    // While the store's thread stands still, what comes shares one step.
    run_.submit(kept_value{"test", "1", [&begun, goes = gone.get_future().share()] {
                               begun.set_value();
                               goes.wait();
                           }});
    value_of(begun.get_future());
    const auto desk = std::make_shared<listening_socket>();
    std::promise<void> opened;
    run_.submit(desk_snapshot{site_run::ann, [&, desk](const std::string& shown) {
                                  run_.site().desks().begin(site_run::ann, desk, shown, false);
                                  opened.set_value();
                              }});
    presence_change wanted;
    wanted.agent = site_run::ann;
    wanted.state = dispatch::presence::available;
    wanted.done = [](const result<std::string>&) {};
    run_.submit(std::move(wanted));
    gone.set_value();
    value_of(opened.get_future());
    run_.settle();
    std::string heard;
    for (const auto& frame : desk->heard()) heard += frame;
    EXPECT_NE(heard.find(R"("state":"available")"), std::string::npos) << heard;
}

TEST_F(ticket_life, ADuplicateIsAnsweredLikeTheFirstTime) {
    const auto first = run_.contact(message_of("v1", "m1"));
    const auto kinds = run_.kinds_of(first.ticket);
    for (int i = 0; i < 2; ++i) {
        const auto again = run_.contact(message_of("v1", "m1", "the same, says the provider"));
        EXPECT_EQ(again.what, state::duplicate);
        EXPECT_EQ(again.ticket, first.ticket);
        EXPECT_EQ(again.entry, first.entry);
    }
    EXPECT_EQ(run_.kinds_of(first.ticket), kinds);
}

TEST_F(ticket_life, ADuplicateInTheSameRequestIsOneToo) {
    const auto both = value_of(run_.bring({message_of("v1", "m1"), message_of("v1", "m1"), message_of("v1", "m2")}));
    ASSERT_EQ(both.size(), 3U);
    EXPECT_EQ(both[0].what, state::accepted);
    EXPECT_EQ(both[1].what, state::duplicate);
    EXPECT_EQ(both[1].entry, both[0].entry);
    EXPECT_EQ(both[2].what, state::accepted);
    EXPECT_EQ(both[2].ticket, both[0].ticket);
    EXPECT_EQ(run_.tickets(), 1U);
}

TEST_F(ticket_life, TheSameIdInAnotherChannelIsAnother) {
    const auto first = run_.contact(message_of("v1", "m1"));
    const auto other = run_.contact(message_of("v1", "m1"), "narrow");
    EXPECT_EQ(other.what, state::accepted);
    EXPECT_NE(other.ticket, first.ticket);
    EXPECT_EQ(row(other.ticket).customer, row(first.ticket).customer) << "one identity is one customer";
}

TEST_F(ticket_life, TheSameConversationGoesOn) {
    const auto first = run_.contact(message_of("v1", "m1"));
    const auto second = run_.contact(message_of("v1", "m2"));
    EXPECT_EQ(second.ticket, first.ticket);
    EXPECT_EQ(second.entry, run_.kinds_of(first.ticket).size());
    EXPECT_EQ(run_.kinds_of(first.ticket), (texts{"contact", "decision", "queued", "contact"}));
    EXPECT_EQ(run_.contact(message_of("v2", "m3")).ticket, ticket_id{2});
}

TEST_F(ticket_life, ADayLaterTheTicketIsReopened) {
    const auto ticket = held_by_ann();
    resolve(ticket);
    run_.advance(24h);
    EXPECT_EQ(run_.contact(message_of("v1", "m2")).ticket, ticket);
    EXPECT_EQ(run_.kinds_of(ticket), (texts{"contact", "decision", "queued", "offered", "accepted", "resolved",
                                            "reopened", "contact", "decision", "queued", "offered"}));
    EXPECT_NE(row(ticket).status, store::ticket_status::resolved);
    EXPECT_EQ(run_.tickets(), 1U);
}

TEST_F(ticket_life, AfterThatANewTicketContinuesIt) {
    const auto ticket = held_by_ann();
    resolve(ticket);
    run_.advance(24h + 1ms);
    const auto next = run_.contact(message_of("v1", "m2"));
    EXPECT_NE(next.ticket, ticket);
    const auto entries = run_.durable().entries(next.ticket, 0, 100).value();
    const auto link =
        std::find_if(entries.begin(), entries.end(), [](const auto& each) { return each.kind == "continues"; });
    ASSERT_NE(link, entries.end());
    EXPECT_EQ(link->json, R"({"ticket":")" + to_string(ticket) + R"("})");
    EXPECT_EQ(row(next.ticket).customer, row(ticket).customer);
    EXPECT_EQ(row(ticket).status, store::ticket_status::resolved);
    EXPECT_EQ(run_.contact(message_of("v1", "m3")).ticket, next.ticket) << "the conversation is the new ticket's now";
}

TEST_F(ticket_life, WhoIsAtHandGoesOnWithTheSameTicket) {
    const auto first = run_.contact(message_of("v1", "m1"));
    for (const char* id : {"m2", "m3", "m4"}) EXPECT_EQ(run_.contact(message_of("v1", id)).ticket, first.ticket);
    EXPECT_EQ(run_.contact(message_of("v1", "m2")).what, state::duplicate);
    EXPECT_EQ(run_.tickets(), 1U);
    EXPECT_EQ(run_.durable().customer(row(first.ticket).customer).value().version, 4U) << "four contacts";
}

TEST_F(ticket_life, WhatIsNoLongerAtHandIsLookedUpAfterAll) {
    if (!desk_) desk_ = run_.open_desk(site_run::ann);
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
    const auto ticket = run_.contact(message_of("v1", "m1")).ticket;
    ASSERT_TRUE(run_.answer(site_run::ann, offer_on(*desk_), true));
    resolve(ticket);
    run_.advance(24h + 1ms);
    // Whatever else comes makes the writer forget the ticket, whose end the store shows now.
    for (const char* id : {"a", "b", "c"}) run_.contact(message_of("v2", id));
    const auto next = run_.contact(message_of("v1", "m2"));
    EXPECT_EQ(next.what, state::accepted);
    EXPECT_NE(next.ticket, ticket);
    EXPECT_EQ(row(next.ticket).customer, row(ticket).customer);
    const auto kinds = run_.kinds_of(next.ticket);
    EXPECT_NE(std::find(kinds.begin(), kinds.end(), "continues"), kinds.end());
    EXPECT_EQ(run_.contact(message_of("v1", "m3")).ticket, next.ticket);
}

TEST_F(ticket_life, WhatAFullQueueRefusesLeavesNothingBehind) {
    ASSERT_EQ(run_.contact(message_of("v1", "m1"), "narrow").what, state::accepted);
    const auto refused = run_.contact(message_of("v2", "m2"), "narrow");
    EXPECT_EQ(refused.what, state::refused);
    EXPECT_EQ(refused.reason, "queue_full");
    EXPECT_EQ(refused.ticket, ticket_id{});
    EXPECT_EQ(run_.tickets(), 1U);
    EXPECT_FALSE(run_.durable().customer_with("webchat:v2"));
    EXPECT_EQ(run_.durable().find_key({"narrow", "m2"}).value(), std::nullopt);

    auto hang_up = message_of("v1", "m3");
    hang_up.kind = channel::record_kind::call_status;
    hang_up.status = "completed";
    ASSERT_EQ(run_.contact(hang_up, "narrow").what, state::accepted);
    const auto again = run_.contact(message_of("v2", "m2"), "narrow");
    EXPECT_EQ(again.what, state::accepted) << "no trace of the refusal makes it a duplicate";
    EXPECT_EQ(again.ticket, ticket_id{2});
}

TEST_F(ticket_life, AReplyWithTheSameKeyIsSentOnce) {
    const auto ticket = held_by_ann();
    const auto chat = run_.open_chat("v1");
    const auto first = run_.act(site_run::ann, ticket, action::reply{"good day"}, "k1");
    const auto again = run_.act(site_run::ann, ticket, action::reply{"good day"}, "k1");
    ASSERT_TRUE(first);
    ASSERT_TRUE(again);
    EXPECT_EQ(json::document::parse(*first).value()["entry"].integer(),
              json::document::parse(*again).value()["entry"].integer());
    ASSERT_TRUE(run_.act(site_run::ann, ticket, action::reply{"bye"}, "k2"));
    ASSERT_TRUE(run_.delivered(ticket));
    EXPECT_EQ(run_.durable().outbox_of(ticket).value().size(), 2U);
    EXPECT_EQ(chat->heard().size(), 2U);
}

TEST_F(ticket_life, OnlyTheHolderWorksOnATicket) {
    const auto ticket = held_by_ann();
    for (const auto& refused : {run_.act(site_run::ben, ticket, action::reply{"me too"}),
                                run_.act(site_run::ben, ticket, action::resolve{"mine"}),
                                run_.act(site_run::ben, ticket, action::transfer{"narrow", {}, true})}) {
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, errc::conflict);
    }
    EXPECT_EQ(row(ticket).holder, site_run::ann);
    EXPECT_EQ(run_.act(site_run::ann, ticket_id{99}, action::note{"where?"}).error().code, errc::not_found);
    EXPECT_TRUE(run_.act(site_run::ben, ticket, action::note{"I know this customer"}));
}

TEST_F(ticket_life, WhatIsResolvedRefusesEverythingButReopeningInOneWay) {
    const auto ticket = held_by_ann();
    resolve(ticket);
    // The same customer's, so that nothing but the resolution speaks against merging.
    auto elsewhere = message_of("v1", "second");
    elsewhere.conversation = "another";
    const auto other = run_.contact(elsewhere).ticket;
    ASSERT_NE(other, ticket);
    const auto refused = [&](auto what, const char* name) {
        const auto said = run_.act(site_run::ann, ticket, std::move(what));
        ASSERT_FALSE(said) << name;
        EXPECT_EQ(said.error().code, errc::conflict) << name << ": " << said.error().message;
    };
    refused(action::reply{"more"}, "reply");
    refused(action::resolve{"done"}, "resolve");
    refused(action::transfer{.queue = "general"}, "transfer");
    refused(action::assign{site_run::ben}, "assign");
    refused(action::snooze{run_.clock().now() + 1h}, "snooze");
    refused(action::consult{site_run::ben}, "consult");
    refused(action::end_consult{}, "end_consult");
    refused(action::end_wrap_up{}, "end_wrap_up");
    refused(action::extend_wrap_up{1min}, "extend_wrap_up");
    refused(action::merge{other}, "merge");
    EXPECT_EQ(run_.kinds_of(ticket).back(), "resolved") << "and nothing is changed";
    EXPECT_TRUE(run_.act(site_run::ann, ticket, action::reopen{}));
}

TEST_F(ticket_life, ADeclinedOfferGoesToTheNextAndAnIgnoredOneExpires) {
    const auto anns = run_.open_desk(site_run::ann);
    const auto bens = run_.open_desk(site_run::ben);
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
    run_.advance(1s);
    ASSERT_TRUE(run_.set_presence(site_run::ben, dispatch::presence::available));
    const auto ticket = run_.contact(message_of("v1", "m1")).ticket;

    const auto first = offer_on(*anns);
    EXPECT_TRUE(frames_of(*bens, "offer").empty()) << "ann has been idle for longer";
    EXPECT_EQ(run_.answer(site_run::ben, first, true).error().code, errc::forbidden);
    ASSERT_TRUE(run_.answer(site_run::ann, first, false, "lunch"));
    EXPECT_EQ(run_.answer(site_run::ann, first, true).error().code, errc::conflict) << "an offer is answered once";
    const auto second = offer_on(*bens);
    EXPECT_NE(second, first);

    run_.advance(20s - 1ms);
    EXPECT_TRUE(frames_of(*bens, "offer_closed").empty());
    run_.advance(1ms);
    const auto closed = frames_of(*bens, "offer_closed");
    ASSERT_EQ(closed.size(), 1U);
    EXPECT_EQ(closed[0]["outcome"].text(), "expired");
    EXPECT_EQ(run_.answer(site_run::ben, second, true).error().code, errc::conflict);

    const auto entries = run_.durable().entries(ticket, 0, 100).value();
    const auto declined =
        std::find_if(entries.begin(), entries.end(), [](const auto& each) { return each.kind == "declined"; });
    ASSERT_NE(declined, entries.end());
    EXPECT_EQ(json::document::parse(declined->json).value()["reason"].text(), "lunch");
    run_.advance(40s);
    EXPECT_EQ(frames_of(*anns, "offer").size(), 2U) << "a minute after she declined it is hers to take again";
    EXPECT_TRUE(run_.answer(site_run::ann, offer_on(*anns), true));
    EXPECT_EQ(row(ticket).holder, site_run::ann);
}

TEST_F(ticket_life, AnOfferThatEndsInTheMomentItIsMadeIsNotShown) {
    const std::array desks{run_.open_desk(site_run::ann), run_.open_desk(site_run::ben)};
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
    ASSERT_TRUE(run_.set_presence(site_run::ben, dispatch::presence::available));
    // All expire at once: what the first agent did not answer goes to the second, who is found gone as well.
    for (const auto* visitor : {"v1", "v2", "v3", "v4"}) run_.contact(message_of(visitor, visitor));
    run_.advance(20s);
    for (const auto& desk : desks)
        for (const auto& frame : frames_of(*desk, "offer"))
            EXPECT_TRUE(frame["offer"].is_object()) << frame.root().to_text();
    for (std::uint64_t ticket = 1; ticket <= 4; ++ticket)
        EXPECT_EQ(row(ticket_id{ticket}).status, store::ticket_status::waiting);
}

TEST_F(ticket_life, ADeskThatVanishesKeepsItsOffersForALease) {
    desk_ = run_.open_desk(site_run::ann);
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
    run_.submit(desk_change{site_run::ann, false});
    run_.settle();
    run_.advance(25s);
    const auto ticket = run_.contact(message_of("v1", "m1")).ticket;
    EXPECT_EQ(row(ticket).status, store::ticket_status::offered);
    run_.advance(5s);
    EXPECT_EQ(row(ticket).status, store::ticket_status::waiting) << "nobody is there to take it";
    EXPECT_EQ(frames_of(*desk_, "offer_closed").size(), 1U);
}

TEST_F(ticket_life, AMessageThatCannotBeSentFailsVisibly) {
    const auto ticket = held_by_ann();
    ASSERT_TRUE(run_.act(site_run::ann, ticket, action::reply{"unsendable"}));
    ASSERT_TRUE(run_.delivered(ticket));
    const auto sent = run_.durable().outbox_of(ticket).value();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].state, store::outbox_state::failed);
    const auto last = run_.durable().entries(ticket, 0, 100).value().back();
    EXPECT_EQ(last.kind, "delivery");
    const auto said = json::document::parse(last.json).value();
    EXPECT_EQ(said["state"].text(), "failed");
    EXPECT_EQ(said["reason"].text(), "text: cannot be sent");
}

TEST_F(ticket_life, AfterADrainNothingIsTaken) {
    run_.stop();
    EXPECT_FALSE(run_.site().submit(board_question{}));
    EXPECT_FALSE(run_.site().accepting());
}

}  // namespace
}  // namespace kindred::runtime
