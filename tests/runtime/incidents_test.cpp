// One cause behind many tickets: linked, answered and settled together.
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kindred::runtime {
namespace {

using act = incident_change::act;

class incidents : public testing::Test {
protected:
    ticket_id ticket_of(const std::string& visitor) {
        return run_.contact(message_of(visitor, "first of " + visitor)).ticket;
    }
    result<std::string> change(act what, std::vector<ticket_id> tickets, const std::string& text = {},
                               std::uint64_t incident = 1) {
        incident_change wanted;
        wanted.what = what;
        wanted.by = site_run::ann;
        wanted.incident = what == act::open ? incident_id{} : incident_id{incident};
        wanted.text = text;
        wanted.tickets = std::move(tickets);
        return run_.change_incident(std::move(wanted));
    }
    std::pair<std::int64_t, std::int64_t> counts(const result<std::string>& answer) {
        const auto parsed = json::document::parse(answer.value()).value();
        return {parsed["done"].integer().value(), parsed["passed_over"].integer().value()};
    }
    store::ticket_status status(ticket_id ticket) { return run_.durable().ticket(ticket).value().status; }
    std::ptrdiff_t count(ticket_id ticket, const std::string& kind) {
        const auto kinds = run_.kinds_of(ticket);
        return std::count(kinds.begin(), kinds.end(), kind);
    }

    site_run run_;
};

using done_and_passed = std::pair<std::int64_t, std::int64_t>;

TEST_F(incidents, OneReplyGoesToEachThroughItsOwnChannel) {
    const auto one = run_.open_chat("v1");
    const auto two = run_.open_chat("v2");
    const auto first = ticket_of("v1");
    const auto second = ticket_of("v2");
    EXPECT_EQ(counts(change(act::open, {first, second}, "lamps go dark")), done_and_passed(2, 0));
    EXPECT_EQ(counts(change(act::reply, {}, "we are on it")), done_and_passed(2, 0));
    ASSERT_TRUE(run_.delivered(first));
    ASSERT_TRUE(run_.delivered(second));
    for (const auto& chat : {one, two}) {
        ASSERT_EQ(chat->heard().size(), 1U);
        EXPECT_NE(chat->heard()[0].find("we are on it"), std::string::npos);
    }
    for (const auto ticket : {first, second}) {
        EXPECT_EQ(count(ticket, "incident_linked"), 1);
        EXPECT_EQ(count(ticket, "reply"), 1);
    }
}

TEST_F(incidents, ResolvingItResolvesThemAllWhoeverHasThem) {
    const auto desk = run_.open_desk(site_run::ann);
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
    const auto held = ticket_of("v1");
    ASSERT_TRUE(run_.answer(site_run::ann, offer_on(*desk), true));
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::away));
    const auto waiting = ticket_of("v2");
    const auto other = ticket_of("v3");
    ASSERT_TRUE(change(act::open, {held, waiting}, "lamps go dark"));
    EXPECT_EQ(counts(change(act::resolve, {}, "done")), done_and_passed(2, 0));
    EXPECT_EQ(status(held), store::ticket_status::resolved);
    EXPECT_EQ(status(waiting), store::ticket_status::resolved);
    EXPECT_EQ(status(other), store::ticket_status::waiting) << "it is not linked";
    const auto late = change(act::reply, {}, "more");
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, errc::conflict) << "it is over";
}

TEST_F(incidents, WhoIsOverIsPassedOverAndCounted) {
    const auto first = ticket_of("v1");
    const auto second = ticket_of("v2");
    ASSERT_TRUE(change(act::open, {first, second}, "lamps go dark"));
    ASSERT_TRUE(run_.act(site_run::ann, second, action::assign{site_run::ann}));
    ASSERT_TRUE(run_.act(site_run::ann, second, action::resolve{"done"}));
    EXPECT_EQ(counts(change(act::reply, {}, "we are on it")), done_and_passed(1, 1));
    EXPECT_EQ(count(second, "reply"), 0);
}

TEST_F(incidents, ATicketBelongsToOneAndCanBeTakenOut) {
    const auto first = ticket_of("v1");
    const auto second = ticket_of("v2");
    ASSERT_TRUE(change(act::open, {first}, "one"));
    ASSERT_TRUE(change(act::open, {second}, "two"));
    const auto taken = change(act::link, {first}, {}, 2);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, errc::conflict);
    EXPECT_EQ(counts(change(act::link, {first})), done_and_passed(0, 0)) << "it is linked already";
    EXPECT_EQ(counts(change(act::unlink, {first, second})), done_and_passed(1, 1));
    EXPECT_EQ(count(first, "incident_unlinked"), 1);
    EXPECT_TRUE(change(act::link, {first}, {}, 2));
}

TEST_F(incidents, WhatIsWrongIsNamedAndLinksNothing) {
    const auto first = ticket_of("v1");
    EXPECT_EQ(change(act::open, {first}, "").error().code, errc::invalid);
    EXPECT_EQ(change(act::open, {first}, std::string(201, 'x')).error().code, errc::invalid);
    EXPECT_EQ(change(act::open, {first, ticket_id{99}}, "lamps").error().code, errc::conflict);
    EXPECT_EQ(change(act::reply, {}, "hello").error().code, errc::not_found) << "none was opened";
    EXPECT_EQ(count(first, "incident_linked"), 0);
    ASSERT_TRUE(change(act::open, {first}, "lamps"));
    EXPECT_EQ(change(act::reply, {}, "").error().code, errc::invalid);
    EXPECT_EQ(change(act::reply, {}, std::string(100'001, 'x')).error().code, errc::too_large);
    EXPECT_EQ(count(first, "reply"), 0);
}

TEST_F(incidents, AreStillThereAfterARestart) {
    const auto first = ticket_of("v1");
    ASSERT_TRUE(change(act::open, {first}, "lamps go dark"));
    const auto told = run_.board(board_question::about::incidents).value();
    EXPECT_NE(told.find("lamps go dark"), std::string::npos);
    bool kept = false;
    const auto loaded = run_.durable().load([](store::ticket_row&&) {}).value();
    for (const auto& setting : loaded.settings)
        kept = kept || setting.second.find("lamps go dark") != std::string::npos;
    EXPECT_TRUE(kept);
}

}  // namespace
}  // namespace kindred::runtime
