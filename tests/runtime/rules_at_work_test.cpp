// What rules say about agents and about time, seen through the whole site.
#include "engine/runtime/tickets/decision_record.hpp"
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kindred::runtime {
namespace {

using namespace std::chrono_literals;

class rules_at_work : public testing::Test {
protected:
    void activate(const std::string& queues, const std::string& routing) {
        auto read = rules::load({{"profile.yaml", "customer: { owner: { type: text } }\n"},
                                 {"queues.yaml", "queues: { " + queues + ", narrow: {} }\n"},
                                 {"routing.yaml", routing + "fallback: { queue: general, first_response: 5m }\n"}});
        ASSERT_TRUE(read.rules) << settings::to_json(read.problems);
        rules_change wanted{*read.rules, "ann", {}, "activate", {}, {}, false, {}};
        ASSERT_TRUE(run_.answer_to(std::move(wanted)));
    }
    result<std::string> give_owner(customer_id whose, const std::string& login) {
        customer_change wanted;
        wanted.customer = whose;
        wanted.what = profile::set{R"({"owner":")" + login + "\"}"};
        wanted.source = "crm";
        return run_.answer_to(std::move(wanted));
    }
    void arrive(agent_id agent) {
        desks_[agent] = run_.open_desk(agent);
        ASSERT_TRUE(run_.set_presence(agent, dispatch::presence::available));
        run_.advance(1s);  // who came first is idle the longest
    }
    std::size_t offers_to(agent_id agent) { return frames_of(*desks_.at(agent), "offer").size(); }
    std::size_t escalations(ticket_id ticket) {
        const auto kinds = run_.kinds_of(ticket);
        return static_cast<std::size_t>(std::count(kinds.begin(), kinds.end(), "escalated"));
    }
    std::string presence_of(agent_id agent) {
        const auto board = json::document::parse(run_.board(board_question::about::agents).value()).value();
        std::string found;
        board["agents"].for_each([&](json::value each) {
            if (each["id"].text() != to_string(agent)) return;
            const auto presence = each["presence"];
            found = std::string(presence["state"].text()) + " " + std::string(presence["reason"].text());
        });
        return found;
    }
    ticket_id ticket_in(const std::string& conversation) {
        auto message = message_of("v1", "first of " + conversation);
        message.conversation = conversation;
        return run_.contact(message).ticket;
    }
    std::string priority_of(ticket_id ticket) {
        const auto stored = row(ticket);
        std::string_view dispatch_bytes;
        return record_of(unpack(stored, dispatch_bytes).value()).priority;
    }
    store::ticket_row row(ticket_id ticket) { return run_.durable().ticket(ticket).value(); }

    site_run run_;
    std::map<agent_id, std::shared_ptr<listening_socket>> desks_;
};

TEST_F(rules_at_work, ATicketWaitsForItsCustomersOwnerFirst) {
    activate("general: { prefer: { owner: 10s } }", "");
    const auto whose = row(ticket_in("a")).customer;
    ASSERT_TRUE(give_owner(whose, "ben"));
    arrive(site_run::ann);
    ASSERT_EQ(offers_to(site_run::ann), 1U) << "the first came before anybody knew";
    ASSERT_TRUE(run_.answer(site_run::ann, offer_on(*desks_[site_run::ann]), true));
    arrive(site_run::ben);

    (void)ticket_in("b");
    EXPECT_EQ(offers_to(site_run::ben), 1U);
    EXPECT_EQ(offers_to(site_run::ann), 1U);
    ASSERT_TRUE(run_.answer(site_run::ben, offer_on(*desks_[site_run::ben]), true));

    ASSERT_TRUE(run_.set_presence(site_run::ben, dispatch::presence::away));
    (void)ticket_in("c");
    EXPECT_EQ(offers_to(site_run::ann), 2U) << "who is away is not waited for";
}

TEST_F(rules_at_work, AnOwnerWhoIsBusyIsWaitedForAsLongAsTheQueueSays) {
    activate("general: { prefer: { owner: 10s } }", "costs: { chat: 10 }\n");
    const auto whose = row(ticket_in("a")).customer;
    ASSERT_TRUE(give_owner(whose, "ben"));
    arrive(site_run::ben);
    ASSERT_TRUE(run_.answer(site_run::ben, offer_on(*desks_[site_run::ben]), true));
    arrive(site_run::ann);
    (void)ticket_in("b");
    run_.advance(9'999ms);
    EXPECT_EQ(offers_to(site_run::ann), 0U);
    run_.advance(1ms);
    EXPECT_EQ(offers_to(site_run::ann), 1U);
}

TEST_F(rules_at_work, AnOwnerWhomNobodyKnowsIsNobody) {
    activate("general: { prefer: owner }", "");
    const auto whose = row(ticket_in("a")).customer;
    ASSERT_TRUE(give_owner(whose, "somebody who left"));
    arrive(site_run::ann);
    (void)ticket_in("b");
    EXPECT_EQ(offers_to(site_run::ann), 2U);
}

TEST_F(rules_at_work, WhoLetsAnOfferExpireIsAwayAsLongAsTheRulesSay) {
    activate("general: { offer: { expires: 20s } }", "not_responding_for: 2m\n");
    arrive(site_run::ann);
    (void)ticket_in("a");
    run_.advance(20s);
    EXPECT_EQ(presence_of(site_run::ann), "away not_responding");
    run_.advance(119s);
    EXPECT_EQ(presence_of(site_run::ann), "away not_responding");
    run_.advance(1s);
    EXPECT_EQ(presence_of(site_run::ann), "available ");
    EXPECT_EQ(offers_to(site_run::ann), 2U);
}

TEST_F(rules_at_work, TargetsStayAsTheyWereDecidedWhenTheRulesChange) {
    activate("general: {}", "");
    const auto due_of = [&](ticket_id ticket) {
        std::string_view bytes;
        const auto stored = row(ticket);
        return json::document::parse(unpack(stored, bytes).value().decision).value().root().to_text();
    };
    const auto before = ticket_in("a");
    const auto decided = due_of(before);
    activate("general: {}", "priorities: { high: 10m, normal: 0s }\n");
    EXPECT_EQ(due_of(before), decided);
    arrive(site_run::ann);
    ASSERT_TRUE(run_.answer(site_run::ann, offer_on(*desks_[site_run::ann]), true));
    run_.advance(298s);
    const auto missed = [&] {
        const auto kinds = run_.kinds_of(before);
        return std::count(kinds.begin(), kinds.end(), "target_missed");
    };
    EXPECT_EQ(missed(), 0);
    run_.advance(1s);
    EXPECT_EQ(missed(), 1);
    run_.advance(1h);
    EXPECT_EQ(missed(), 1);
}

/// Rules by which a customer's waiting tickets become high as soon as the customer has an owner.
const std::string high_when_owned =
    "costs: { chat: 10 }\n"
    "priorities: { urgent: 30m, high: 10m, normal: 0s }\n"
    "routes:\n  - { name: owned, when: { customer.owner: nobody }, queue: general, priority: high }\n";

TEST_F(rules_at_work, APriorityThatSomebodySetStaysWhenTheTicketIsDecidedAgain) {
    activate("general: {}", high_when_owned);
    const auto first = ticket_in("a");
    run_.advance(1s);
    const auto second = ticket_in("b");
    ASSERT_TRUE(run_.act(site_run::ann, second, action::set_priority{"urgent"}));
    ASSERT_TRUE(give_owner(row(first).customer, "nobody"));
    EXPECT_EQ(priority_of(first), "high") << "nobody set it";
    EXPECT_EQ(priority_of(second), "urgent");
    arrive(site_run::ann);
    EXPECT_EQ(row(second).status, store::ticket_status::offered);
    EXPECT_EQ(row(first).status, store::ticket_status::waiting);
}

TEST_F(rules_at_work, WhatAnEscalationRaisedIsNotLoweredByAnotherDecision) {
    activate("general: {}", high_when_owned +
                                "escalations:\n"
                                "  - { name: late, when: { ticket.waiting: { at_least: 30s } }, "
                                "then: { priority: urgent } }\n");
    const auto first = ticket_in("a");
    run_.advance(30s);
    ASSERT_EQ(escalations(first), 1U);
    ASSERT_TRUE(give_owner(row(first).customer, "nobody"));
    const auto second = ticket_in("b");
    EXPECT_EQ(priority_of(first), "urgent");
    EXPECT_EQ(priority_of(second), "high");
}

TEST_F(rules_at_work, EscalationsOfNewRulesHoldForWhatWaitsAlreadyAndOldOnesNoMore) {
    const auto rule = [](const char* name, const char* after) {
        return std::string("priorities: { urgent: 30m, normal: 0s }\nescalations:\n  - { name: ") + name +
               ", when: { ticket.waiting: { at_least: " + after + " } }, then: { priority: urgent } }\n";
    };
    activate("general: {}", rule("old", "30s"));
    const auto ticket = ticket_in("a");
    run_.advance(10s);
    activate("general: {}", rule("new", "60s"));
    run_.advance(49'999ms);
    EXPECT_EQ(escalations(ticket), 0U);
    run_.advance(1ms);
    EXPECT_EQ(escalations(ticket), 1U);
    activate("general: {}", rule("newer", "15s"));
    run_.settle();
    EXPECT_EQ(escalations(ticket), 2U) << "its moment has long come";
}

TEST_F(rules_at_work, EscalationsOfNewRulesReachEveryTicketThoughNoRoundLooksAtAllOfThem) {
    constexpr int many = 1'000;
    activate("general: {}", "");
    std::vector<ticket_id> waiting;
    for (int number = 0; number < many; ++number) waiting.push_back(ticket_in(std::to_string(number)));
    run_.advance(30s);
    activate("general: {}",
             "priorities: { urgent: 30m, normal: 0s }\nescalations:\n  - { name: late, when: { ticket.waiting: { "
             "at_least: 30s } }, then: { priority: urgent } }\n");
    const auto is_raised = [&](ticket_id each) { return escalations(each) == 1; };
    EXPECT_TRUE(eventually([&] { return std::ranges::all_of(waiting, is_raised); }));
}

TEST(DeskLease, AnOfferIsFreedWhenTheDeskHasBeenGoneForTheLease) {
    writer_settings writing;
    writing.lease = 5s;
    site_run run(store::make_memory_store(), test_start, writing);
    auto desk = run.open_desk(site_run::ann);
    ASSERT_TRUE(run.set_presence(site_run::ann, dispatch::presence::available));
    const auto ticket = run.contact(message_of("v1", "m1")).ticket;
    const auto offered = [&] { return run.durable().ticket(ticket).value().status == store::ticket_status::offered; };
    ASSERT_TRUE(offered());
    run.submit(desk_change{site_run::ann, false});
    run.settle();
    run.advance(4s);
    run.submit(desk_change{site_run::ann, true});
    run.settle();
    run.advance(4s);
    EXPECT_TRUE(offered()) << "a desk that comes back in time goes on";
    run.submit(desk_change{site_run::ann, false});
    run.settle();
    run.advance(4'999ms);
    EXPECT_TRUE(offered());
    run.advance(1ms);
    EXPECT_FALSE(offered());
}

}  // namespace
}  // namespace kindred::runtime
