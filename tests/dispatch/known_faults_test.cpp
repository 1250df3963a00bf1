#include "dispatch/support/site.hpp"

#include <algorithm>
#include <functional>

// Faults that other routing engines have or had, by who has them: none of them may come about here.
namespace kindred::dispatch::testing {
namespace {

using agents = std::vector<std::uint64_t>;

small_site site_named(std::vector<std::string> names, const std::function<void(queue_settings&)>& change = {}) {
    small_site site;
    configure told;
    for (std::string& name : names) {
        told.queues.push_back(queue_named(std::move(name)));
        if (change) change(told.queues.back());
    }
    site.must(told);
    return site;
}

TEST(KnownFaults, ChatwootAndRocketChat_HeadOfLineBlocking_WhoCannotBeServedHoldsUpNobody) {
    small_site site = site_named({"sales"});
    site.add_ticket(1, plan_for("sales", {{{skill("contracts", 9)}, {}, false}}));
    site.add_ticket(2, plan_for("sales"), 5);
    site.add_ticket(3, plan_for("sales"), 1);
    site.add_agent(1, {"sales"}, {}, 1);
    EXPECT_EQ(site.offered_to(3), agents{1}) << "1 needs a skill and 2 more room";
}

TEST(KnownFaults, Chatwoot10376And10583_NewestOvertakes_TheOldestWaitingIsServedWhenCapacityFrees) {
    small_site site = site_named({"sales"});
    site.add_agent(1, {"sales"}, {}, 3);
    for (std::uint64_t each = 1; each <= 4; ++each) {
        site.add_ticket(each, plan_for("sales"));
        site.pass(duration{1'000});
        if (each <= 3) site.accept_by(each, 1);
    }
    EXPECT_TRUE(site.offered_to(4).empty()) << "the fourth is over the limit of three";
    site.must(resolve{ticket_id{1}, ""});
    site.add_ticket(5, plan_for("sales"));
    EXPECT_EQ(site.offered_to(4), agents{1});
    EXPECT_TRUE(site.offered_to(5).empty());
}

TEST(KnownFaults, Chatwoot10685_AgentsComeOnlineAndTheBacklogIsServedAtOnce) {
    small_site site = site_named({"sales"});
    for (std::uint64_t each = 1; each <= 150; ++each) site.add_ticket(each, plan_for("sales"));
    for (std::uint64_t agent = 1; agent <= 150; ++agent) site.add_agent(agent, {"sales"}, {}, 1);
    for (std::uint64_t each = 1; each <= 150; ++each) EXPECT_EQ(site.offered_to(each).size(), 1U) << each;
}

TEST(KnownFaults, LibreDesk_OfflineAndAwayAgentsGetNoWork) {
    for (const presence state : {presence::away, presence::offline}) {
        small_site site = site_named({"sales"});
        site.add_agent(1, {"sales"});
        site.must(set_presence{agent_id{1}, state, "lunch"});
        site.add_ticket(1, plan_for("sales"));
        EXPECT_TRUE(site.offered_to(1).empty());
    }
}

TEST(KnownFaults, LibreDesk_ClosedContactsAreNotAssigned) {
    small_site site = site_named({"sales"});
    site.add_agent(1, {"sales"});
    site.add_ticket(1, plan_for("sales"));
    const offer_id offer = site.offer_of(1, 1);
    site.must(abandon{ticket_id{1}});
    EXPECT_EQ(site.tell(accept{offer, agent_id{1}}).error().code, errc::not_found);
    EXPECT_EQ(site.tell(assign{ticket_id{1}, agent_id{1}}).error().code, errc::not_found);
    EXPECT_EQ(site.core.agent(agent_id{1})->used, 0U);
}

TEST(KnownFaults, LibreDeskAndChatwoot_CapacityIsNotCheckedThenActed_OneHoldsWhatTwoRaceFor) {
    small_site site = site_named({"sales", "support", "chat"});
    // One agent in three queues has one capacity, not three.
    site.add_agent(1, {"sales", "support", "chat"}, {}, 2);
    site.add_ticket(1, plan_for("sales"));
    site.add_ticket(2, plan_for("support"));
    site.add_ticket(3, plan_for("chat"));
    EXPECT_EQ(site.core.agent(agent_id{1})->used, 2U);
    EXPECT_TRUE(site.offered_to(3).empty());
}

TEST(KnownFaults, RocketChat12579AndLiveHelperChat1073_AnExpiredOfferMovesOn) {
    small_site site = site_named({"sales"});
    site.add_agent(1, {"sales"});
    site.add_ticket(1, plan_for("sales"));
    site.add_agent(2, {"sales"});
    EXPECT_EQ(site.offered_to(1), agents{1});
    site.pass(duration{20'000});
    EXPECT_EQ(site.offered_to(1), agents{2});
    EXPECT_EQ(site.core.agent(agent_id{1})->reason, "not_responding");
}

TEST(KnownFaults, RocketChat13134_LoadIsOpenWorkAndNotHistory_WhoReturnsDoesNotGetEverything) {
    small_site site = site_named({"sales"}, [](queue_settings& queue) { queue.choose = agent_choice::least_loaded; });
    site.add_agent(1, {"sales"});
    for (std::uint64_t each = 1; each <= 20; ++each) {
        site.add_ticket(each, plan_for("sales"));
        site.accept_by(each, 1);
        site.must(resolve{ticket_id{each}, ""});
    }
    site.pass(duration{1'000});
    site.add_agent(2, {"sales"});
    agents got;
    for (std::uint64_t each = 21; each <= 26; ++each) {
        site.add_ticket(each, plan_for("sales"));
        const std::uint64_t to = site.offered_to(each)[0];
        got.push_back(to);
        site.accept_by(each, to);
    }
    EXPECT_EQ(std::count(got.begin(), got.end(), 1U), 3);
    EXPECT_EQ(std::count(got.begin(), got.end(), 2U), 3);
}

TEST(KnownFaults, Chatwoot11034AndLibreDesk29_RoundRobinSharesEvenly) {
    small_site site = site_named({"sales"}, [](queue_settings& queue) { queue.choose = agent_choice::round_robin; });
    for (std::uint64_t agent = 1; agent <= 3; ++agent) site.add_agent(agent, {"sales"}, {}, 100);
    agents got;
    for (std::uint64_t each = 1; each <= 9; ++each) {
        site.add_ticket(each, plan_for("sales"));
        got.push_back(site.offered_to(each)[0]);
        site.accept_by(each, got.back());
    }
    EXPECT_EQ(got, (agents{1, 2, 3, 1, 2, 3, 1, 2, 3}));
}

TEST(KnownFaults, Chatwoot9587_AReopenedTicketDoesNotWaitForAnAgentWhoIsOffline) {
    small_site site = site_named({"sales"});
    site.add_agent(2, {"sales"});
    site.must(upsert_agent{agent_id{1}, {{"sales", 0}}, {}, {}, 10});
    site.must(reopen{ticket_id{1}, channel_kind::chat, 1, plan_for("sales"), agent_id{1}, duration{60'000}});
    EXPECT_EQ(site.offered_to(1), agents{2});
}

TEST(KnownFaults, Chatwoot5672_WhenEverybodyIsOfflineTheQueueSaysWhatHappens) {
    small_site site;
    queue_settings sales = queue_named("sales");
    sales.when_closed = closed_handling::overflow;
    sales.closed_overflow = "partner";
    site.must(configure{{sales, queue_named("partner")}, {}});
    site.add_agent(9, {"partner"});
    site.must(close_queue{"sales"});
    site.add_ticket(1, plan_for("sales"));
    EXPECT_EQ(site.offered_to(1), agents{9});
}

TEST(KnownFaults, RocketChat18200_NothingIsStuck_EveryStateHasAWayOut) {
    for (int state = 0; state < 5; ++state) {
        small_site site = site_named({"sales"}, [](queue_settings& queue) {
            queue.wrap_up = {{channel_kind::chat, duration{60'000}}};
        });
        if (state > 0) site.add_agent(1, {"sales"});
        site.add_ticket(1, plan_for("sales"));
        if (state >= 2) site.accept_by(1, 1);
        if (state == 3) site.must(snooze{ticket_id{1}, site.now + duration{1'000}, {}});
        if (state == 4) site.must(resolve{ticket_id{1}, ""});
        site.must(remove_ticket{ticket_id{1}});
        EXPECT_EQ(site.core.open_tickets(), 0U);
        if (state > 0) EXPECT_EQ(site.core.agent(agent_id{1})->used, 0U);
    }
}

TEST(KnownFaults, Salesforce_ADeclinedItemIsOfferedAgainToTheOnlyAgentWithoutGoingOffline) {
    small_site site = site_named({"sales"});
    site.add_agent(1, {"sales"});
    site.add_ticket(1, plan_for("sales"));
    site.decline_by(1, 1);
    EXPECT_TRUE(site.offered_to(1).empty());
    site.pass(duration{60'000});
    EXPECT_EQ(site.offered_to(1), agents{1});
}

TEST(KnownFaults, Salesforce_ADeclinedItemIsNobodysAndGoesToTheNextAtOnce) {
    small_site site = site_named({"sales"});
    site.add_agent(1, {"sales"});
    site.add_ticket(1, plan_for("sales"));
    site.add_agent(2, {"sales"});
    site.decline_by(1, 1);
    EXPECT_EQ(site.offered_to(1), agents{2});
    EXPECT_FALSE(site.core.ticket(ticket_id{1}, site.now)->holder);
}

TEST(KnownFaults, Salesforce_GoingBusyLeavesNoOfferBehind) {
    small_site site = site_named({"sales"});
    site.add_agent(1, {"sales"});
    site.add_ticket(1, plan_for("sales"));
    site.add_agent(2, {"sales"});
    site.must(set_presence{agent_id{1}, presence::away, "busy"});
    EXPECT_EQ(site.offered_to(1), agents{2});
}

TEST(KnownFaults, Zendesk_ChatsThatWakeUpDoNotExceedCapacity) {
    small_site site = site_named({"sales"});
    site.add_agent(1, {"sales"}, {}, 2);
    for (std::uint64_t each = 1; each <= 4; ++each) {
        site.add_ticket(each, plan_for("sales"));
        site.accept_by(each, 1);
        site.must(snooze{ticket_id{each}, site.now + duration{60'000}, duration{60'000}});
    }
    site.pass(duration{60'000});
    EXPECT_EQ(site.core.agent(agent_id{1})->used, 2U) << "four came back, two fit";
}

TEST(KnownFaults, Twilio_AStuckWrapUpFreesItselfAndASupervisorMayEndIt) {
    small_site site = site_named({"sales"}, [](queue_settings& queue) {
        queue.wrap_up = {{channel_kind::chat, duration{60'000}}};
    });
    site.add_agent(1, {"sales"}, {}, 1);
    site.add_ticket(1, plan_for("sales"));
    site.accept_by(1, 1);
    site.must(resolve{ticket_id{1}, ""});
    site.pass(duration{60'000});
    EXPECT_EQ(site.core.agent(agent_id{1})->used, 0U);
}

TEST(KnownFaults, TwilioAndKustomer_ABacklogInOneChannelOrQueueStarvesNoOther_TheBestOverAllGoesFirst) {
    small_site site = site_named({"chats", "calls"});
    site.add_agent(1, {"chats", "calls"}, {}, 2);
    for (std::uint64_t each = 1; each <= 2; ++each) {
        site.add_ticket(each, plan_for("chats"), 1, channel_kind::chat);
        site.accept_by(each, 1);
    }
    for (std::uint64_t each = 3; each <= 10; ++each) {
        site.pass(duration{1'000});
        site.add_ticket(each, plan_for(each == 5 ? "calls" : "chats"), 1,
                        each == 5 ? channel_kind::phone : channel_kind::chat);
    }
    agents served;
    for (std::uint64_t done = 1; done <= 3; ++done) {
        site.must(resolve{ticket_id{done}, ""});
        for (std::uint64_t each = 3; each <= 10; ++each) {
            if (site.offered_to(each).empty()) continue;
            served.push_back(each);
            site.accept_by(each, 1);
        }
    }
    EXPECT_EQ(served, (agents{3, 4, 5})) << "the call is served in its turn, not after every chat";
}

TEST(KnownFaults, Connect_AFullQueueOverflowsInsteadOfABusyTone) {
    small_site site;
    queue_settings sales = queue_named("sales");
    sales.limit = 1;
    sales.overflow = "general";
    site.must(configure{{sales, queue_named("general")}, {}});
    site.add_ticket(1, plan_for("sales"));
    site.add_ticket(2, plan_for("sales"));
    EXPECT_EQ(site.core.ticket(ticket_id{2}, site.now)->queue, "general");
}

TEST(KnownFaults, Salesforce_TheLimitIsRefusedByNameBeforeAnythingIsTaken) {
    small_site site = site_named({"sales"}, [](queue_settings& queue) { queue.limit = 1; });
    site.add_ticket(1, plan_for("sales"));
    const auto done = site.tell(enqueue{ticket_id{2}, channel_kind::email, 1, plan_for("sales"), {}, {}});
    EXPECT_EQ(done.error().message.substr(0, 10), "queue_full");
    EXPECT_FALSE(site.core.ticket(ticket_id{2}, site.now));
}

TEST(KnownFaults, Asterisk1557_OneWhoAnswersAndHangsUpDropsNobodyElse) {
    small_site site = site_named({"sales"}, [](queue_settings& queue) { queue.offer.to = 3; });
    for (std::uint64_t agent = 1; agent <= 3; ++agent) site.add_agent(agent, {"sales"}, {}, 1);
    site.add_ticket(1, plan_for("sales"));
    site.add_ticket(2, plan_for("sales"));
    site.accept_by(1, 1);
    EXPECT_EQ(site.offered_to(2), (agents{2, 3})) << "whose offers were withdrawn";
    site.must(abandon{ticket_id{1}});
    EXPECT_EQ(site.offered_to(2), (agents{1, 2, 3}));
}

TEST(KnownFaults, Asterisk176_TwoAgentsCannotAnswerTheSameCall) {
    small_site site = site_named({"sales"}, [](queue_settings& queue) { queue.offer.to = 2; });
    for (std::uint64_t agent = 1; agent <= 2; ++agent) site.add_agent(agent, {"sales"});
    site.add_ticket(1, plan_for("sales"));
    const offer_id second = site.offer_of(1, 2);
    site.accept_by(1, 1);
    EXPECT_EQ(site.tell(accept{second, agent_id{2}}).error().code, errc::not_found);
    EXPECT_EQ(site.core.agent(agent_id{2})->used, 0U);
}

TEST(KnownFaults, FreeSwitch1216_AnUnavailableLastAgentStopsNothing) {
    small_site site = site_named({"sales"}, [](queue_settings& queue) { queue.choose = agent_choice::round_robin; });
    for (std::uint64_t agent = 1; agent <= 3; ++agent) site.add_agent(agent, {"sales"});
    site.must(set_presence{agent_id{3}, presence::away, {}});
    agents got;
    for (std::uint64_t each = 1; each <= 4; ++each) {
        site.add_ticket(each, plan_for("sales"));
        got.push_back(site.offered_to(each)[0]);
    }
    EXPECT_EQ(got, (agents{1, 2, 1, 2}));
}

TEST(KnownFaults, Intercom_AnUnassignedTicketIsTriedAgainAndLimitsHoldUnderRoundRobin) {
    small_site site = site_named({"sales"}, [](queue_settings& queue) { queue.choose = agent_choice::round_robin; });
    site.add_agent(1, {"sales"}, {}, 1);
    site.add_ticket(1, plan_for("sales"));
    site.add_ticket(2, plan_for("sales"));
    EXPECT_TRUE(site.offered_to(2).empty());
    site.add_agent(2, {"sales"}, {}, 1);
    EXPECT_EQ(site.offered_to(2), agents{2});
}

TEST(KnownFaults, Zammad5177And5624_TargetsFollowTheTicketToAnotherQueueAndStopAtNight) {
    small_site site = site_named({"sales", "support"});
    ticket_plan plan = plan_for("sales");
    plan.first_response = duration{100'000};
    site.add_ticket(1, plan);
    site.pass(duration{40'000});
    site.must(close_queue{"support"});
    site.must(transfer{ticket_id{1}, "support", {}, true, {}, {}});
    site.pass(duration{3'600'000});
    EXPECT_TRUE(site.said<target_missed>().empty()) << "support is closed";
    site.must(open_queue{"support"});
    site.pass(duration{59'999});
    EXPECT_TRUE(site.said<target_missed>().empty());
    site.pass(duration{1});
    EXPECT_EQ(site.said<target_missed>().size(), 1U);
}

TEST(KnownFaults, Zammad3140_TheNextResponseCountsFromTheFirstUnansweredMessage) {
    small_site site = site_named({"sales"});
    ticket_plan plan = plan_for("sales");
    plan.next_response = duration{60'000};
    site.add_agent(1, {"sales"});
    site.add_ticket(1, plan);
    site.accept_by(1, 1);
    site.must(agent_replied{ticket_id{1}});
    site.pass(duration{3'600'000});
    EXPECT_TRUE(site.said<target_missed>().empty()) << "it is the customer's turn";
    site.must(customer_wrote{ticket_id{1}});
    site.pass(duration{30'000});
    site.must(customer_wrote{ticket_id{1}});
    site.pass(duration{30'000});
    EXPECT_EQ(site.said<target_missed>().size(), 1U);
}

TEST(KnownFaults, OsTicketAndLibreDesk_TargetsAreExactAndNotAHundredARun) {
    small_site site = site_named({"sales"});
    for (std::uint64_t each = 1; each <= 500; ++each) {
        ticket_plan plan = plan_for("sales");
        plan.first_response = duration{60'000};
        site.add_ticket(each, plan);
    }
    site.pass(duration{59'999});
    EXPECT_TRUE(site.said<target_missed>().empty());
    site.pass(duration{1});
    EXPECT_EQ(site.said<target_missed>().size(), 500U);
}

}  // namespace
}  // namespace kindred::dispatch::testing
