#include "dispatch/support/site.hpp"

// Who gets what, and when: one test a promise. Several name a fault of another product that must not come back.
namespace kindred::dispatch::testing {
namespace {

using agents = std::vector<std::uint64_t>;

small_site site_with(queue_settings sales) {
    small_site site;
    site.must(configure{{std::move(sales), queue_named("general")}, {}});
    return site;
}
small_site plain_site() { return site_with(queue_named("sales")); }

std::vector<step> demanding(int level, duration lasts, bool skip = false) {
    return {{{skill("refunds", level)}, lasts, skip}, {}};
}

TEST(Matching, TheLongestIdleEligibleAgentWithRoomIsOfferedTheTicket) {
    small_site site = plain_site();
    for (const std::uint64_t agent : {1, 2, 3}) {
        site.add_agent(agent, {"sales"}, {}, agent == 1 ? 1 : 10);
        site.pass(duration{1'000});
    }
    site.add_ticket(1, plan_for("sales"), 2);
    EXPECT_EQ(site.offered_to(1), agents{2}) << "agent 1 is idle longer and has no room";
    site.accept_by(1, 2);
    site.pass(duration{1'000});
    site.add_ticket(2, plan_for("sales"), 2);
    EXPECT_EQ(site.offered_to(2), agents{3});
}

TEST(Matching, LeastLoadedRoundRobinAndBestSkilledChooseAsTheySay) {
    struct row {
        agent_choice choose;
        agents given;  ///< to whom three tickets go, one after the other
    };
    for (const row& each : {row{agent_choice::least_loaded, {1, 2, 3}}, row{agent_choice::round_robin, {1, 2, 3}},
                            row{agent_choice::best_skilled, {3, 3, 3}}}) {
        queue_settings sales = queue_named("sales");
        sales.choose = each.choose;
        small_site site = site_with(sales);
        for (const std::uint64_t agent : {1, 2, 3}) {
            site.add_agent(agent, {"sales"}, {skill("refunds", static_cast<int>(2 * agent))});
        }
        agents given;
        for (const std::uint64_t ticket : {1, 2, 3}) {
            site.add_ticket(ticket, plan_for("sales", {{{skill("refunds", 1)}, {}, false}}));
            given.push_back(site.offered_to(ticket).at(0));
            site.accept_by(ticket, given.back());
        }
        EXPECT_EQ(given, each.given) << static_cast<int>(each.choose);
    }
}

TEST(Matching, AnOfferSaysOverWhomItsAgentWasChosen) {
    const auto offer_of = [](const small_site& site) {
        for (const event& each : site.happened)
            if (const auto* made = std::get_if<offer_made>(&each)) return *made;
        return offer_made{};
    };
    using named = std::array<agent_id, most_passed_over>;
    small_site site = plain_site();
    for (const std::uint64_t agent : {5, 4, 3, 2, 1}) {
        site.add_agent(agent, {"sales"}, {}, 1);
        site.pass(duration{1'000});
    }
    site.add_agent(6, {"general"});
    site.add_ticket(1, plan_for("sales"));
    EXPECT_EQ(offer_of(site).agent, agent_id{5});
    EXPECT_EQ(offer_of(site).passed_over, (named{agent_id{4}, agent_id{3}, agent_id{2}}));
    EXPECT_EQ(offer_of(site).others, 4U);
    for (const std::uint64_t ticket : {2, 3, 4}) site.add_ticket(ticket, plan_for("sales"));
    EXPECT_EQ(offer_of(site).agent, agent_id{2});
    EXPECT_EQ(offer_of(site).passed_over, (named{agent_id{1}}));
    EXPECT_EQ(offer_of(site).others, 1U);
    site.add_ticket(5, plan_for("sales"));
    EXPECT_EQ(offer_of(site).others, 0U) << "nobody else has room";
    // Who comes free takes what waited: nobody else could have had it.
    site.add_ticket(7, plan_for("sales"));
    site.accept_by(1, 5);
    site.must(resolve{ticket_id{1}, {}});
    EXPECT_EQ(offer_of(site).agent, agent_id{5});
    EXPECT_EQ(offer_of(site).others, 0U);
}

TEST(Matching, AgedOrderLetsAHeadStartBeCaughtUpAndStrictDoesNot) {
    for (const serving_order order : {serving_order::aged, serving_order::strict}) {
        queue_settings sales = queue_named("sales");
        sales.order = order;
        small_site site = site_with(sales);
        site.add_ticket(1, plan_for("sales"));
        site.pass(duration{20 * 60'000});
        ticket_plan urgent = plan_for("sales");
        urgent.head_start = duration{10 * 60'000};
        site.add_ticket(2, urgent);
        EXPECT_EQ(site.core.position_of(ticket_id{1}), order == serving_order::aged ? 1U : 2U);
        site.add_agent(1, {"sales"}, {}, 1);
        EXPECT_EQ(site.offered_to(order == serving_order::aged ? 1 : 2), agents{1});
    }
}

TEST(Matching, DeadlineOrderServesTheNearestTargetFirst) {
    queue_settings sales = queue_named("sales");
    sales.order = serving_order::deadline;
    small_site site = site_with(sales);
    site.add_ticket(1, plan_for("sales"));
    for (const std::uint64_t ticket : {2, 3}) {
        ticket_plan promised = plan_for("sales");
        promised.first_response = duration{ticket == 2 ? 60'000 : 30'000};
        site.add_ticket(ticket, promised);
    }
    EXPECT_EQ(site.core.position_of(ticket_id{3}), 1U);
    EXPECT_EQ(site.core.position_of(ticket_id{2}), 2U);
    EXPECT_EQ(site.core.position_of(ticket_id{1}), 3U);
}

TEST(Matching, BetweenQueuesTheSmallestKeyGoesFirstUnlessTheyAreRanked) {
    for (const bool ranked : {false, true}) {
        small_site site = plain_site();
        site.add_ticket(1, plan_for("general"));
        site.pass(duration{1'000});
        site.add_ticket(2, plan_for("sales"));
        site.must(upsert_agent{agent_id{1}, {{"general", ranked ? 1U : 0U}, {"sales", 0}}, {}, {}, 1});
        site.must(set_presence{agent_id{1}, presence::available, {}});
        EXPECT_EQ(site.offered_to(ranked ? 2 : 1), agents{1});
    }
}

TEST(Matching, AChangedPriorityTakesEffectAtOnce) {
    small_site site = plain_site();
    site.add_ticket(1, plan_for("sales"));
    site.add_ticket(2, plan_for("sales"));
    site.must(set_priority{ticket_id{2}, duration{60'000}});
    site.add_agent(1, {"sales"}, {}, 1);
    EXPECT_EQ(site.offered_to(2), agents{1});
}

TEST(Matching, AFreedUnitGoesToTheBestTicketOverAllChannels_TwilioChatBacklogLocksOutVoice) {
    small_site site = plain_site();
    site.add_agent(1, {"sales"}, {}, 10);
    site.add_ticket(1, plan_for("sales"), 10, channel_kind::chat);
    site.accept_by(1, 1);
    site.pass(duration{1'000});
    site.add_ticket(2, plan_for("sales"), 10, channel_kind::phone);
    site.pass(duration{1'000});
    site.add_ticket(3, plan_for("sales"), 10, channel_kind::chat);
    site.must(resolve{ticket_id{1}, "done"});
    EXPECT_EQ(site.offered_to(2), agents{1});
}

TEST(Matching, CheapTicketsGoAroundOneThatHasNoRoom) {
    small_site site = plain_site();
    site.add_agent(1, {"sales"}, {}, 3);
    site.add_ticket(1, plan_for("sales"), 10, channel_kind::phone);
    site.add_ticket(2, plan_for("sales"), 3, channel_kind::chat);
    EXPECT_EQ(site.offered_to(2), agents{1});
}

TEST(Offers, TheFirstOfSeveralWinsAndTheOthersAreRevoked) {
    queue_settings sales = queue_named("sales");
    sales.offer.to = 2;
    small_site site = site_with(sales);
    for (const std::uint64_t agent : {1, 2, 3}) site.add_agent(agent, {"sales"});
    site.add_ticket(1, plan_for("sales"));
    EXPECT_EQ(site.offered_to(1), (agents{1, 2}));
    site.accept_by(1, 2);
    const auto closed = site.said<offer_closed>();
    ASSERT_EQ(closed.size(), 2U);
    EXPECT_EQ(closed[0].outcome, offer_outcome::accepted);
    EXPECT_EQ(closed[1].outcome, offer_outcome::revoked);
    EXPECT_EQ(closed[1].reason, "accepted_by_other");
    EXPECT_EQ(site.core.agent(agent_id{1})->used, 0U);
    EXPECT_EQ(site.core.agent(agent_id{2})->used, 1U);
}

TEST(Offers, ADeclinedTicketGoesToAnotherAndComesBackAfterTheCoolDown_SalesforceAndAzureGetStuck) {
    small_site site = plain_site();
    site.add_agent(1, {"sales"});
    site.add_agent(2, {"sales"});
    site.add_ticket(1, plan_for("sales"));
    site.decline_by(1, 1);
    EXPECT_EQ(site.offered_to(1), agents{2});
    site.decline_by(1, 2);
    EXPECT_EQ(site.offered_to(1), agents{});
    site.pass(duration{59'999});
    EXPECT_EQ(site.offered_to(1), agents{});
    site.pass(duration{1});
    EXPECT_EQ(site.offered_to(1), agents{1}) << "nobody else is eligible, so who declined is asked again";
}

TEST(Offers, WhoDeclinedLooksPastWhatItDeclined) {
    small_site site = plain_site();
    site.add_agent(1, {"sales"}, {}, 1);
    for (const std::uint64_t ticket : {1, 2, 3}) site.add_ticket(ticket, plan_for("sales"));
    site.decline_by(1, 1);
    EXPECT_EQ(site.offered_to(2), agents{1});
    site.decline_by(2, 1);
    EXPECT_EQ(site.offered_to(3), agents{1});
}

TEST(Offers, WhoLetsOneExpireIsAskedNothingUntilItReturns) {
    for (const duration returns : {duration{0}, duration{30'000}}) {
        small_site site;
        site.must(configure{{queue_named("sales")}, returns});
        site.add_agent(1, {"sales"});
        site.add_ticket(1, plan_for("sales"));
        site.pass(duration{20'000});
        EXPECT_EQ(site.offered_to(1), agents{});
        EXPECT_EQ(site.core.agent(agent_id{1})->reason, "not_responding");
        site.pass(duration{30'000});
        EXPECT_EQ(site.offered_to(1), returns == duration{0} ? agents{} : agents{1});
        site.must(set_presence{agent_id{1}, presence::available, {}});
        EXPECT_EQ(site.offered_to(1), agents{1});
    }
}

TEST(Offers, GoingAwayOrLosingTheDeskRevokesAtOnceAndKeepsWhatIsHeld_SalesforceBusyLeavesItemsForEver) {
    for (const command& leaving :
         {command(set_presence{agent_id{1}, presence::away, "lunch"}), command(agent_gone{agent_id{1}})}) {
        small_site site = plain_site();
        site.add_agent(1, {"sales"});
        site.add_ticket(1, plan_for("sales"));
        site.accept_by(1, 1);
        site.add_ticket(2, plan_for("sales"));
        site.must(leaving);
        EXPECT_EQ(site.state_of(1), ticket_state::held);
        EXPECT_EQ(site.state_of(2), ticket_state::waiting);
        EXPECT_EQ(site.core.agent(agent_id{1})->used, 1U);
        site.add_agent(2, {"sales"});
        EXPECT_EQ(site.offered_to(2), agents{2});
    }
}

TEST(Offers, ATicketKeepsItsPlaceInTimeWhateverBecomesOfItsOffers) {
    small_site site = plain_site();
    site.add_ticket(1, plan_for("sales"));
    const time_point since = site.core.ticket(ticket_id{1}, site.now)->enqueued_at;
    site.add_agent(1, {"sales"}, {}, 1);
    site.pass(duration{5'000});
    site.add_ticket(2, plan_for("sales"));
    site.decline_by(1, 1);
    EXPECT_EQ(site.core.ticket(ticket_id{1}, site.now)->enqueued_at, since);
    EXPECT_EQ(site.core.position_of(ticket_id{1}), 1U);
}

TEST(Steps, AStepGivesWayWhenItsTimeIsOver) {
    small_site site = plain_site();
    site.add_agent(1, {"sales"}, {skill("refunds", 2)});
    site.add_ticket(1, plan_for("sales", demanding(7, duration{30'000})));
    site.pass(duration{29'999});
    EXPECT_EQ(site.offered_to(1), agents{});
    site.pass(duration{1});
    EXPECT_EQ(site.offered_to(1), agents{1});
}

TEST(Steps, AnOpenOfferStopsTheClock_ConnectExpiresWhileItRings) {
    small_site site = plain_site();
    site.add_agent(1, {"sales"}, {skill("refunds", 7)});
    site.add_agent(2, {"sales"});
    site.add_ticket(1, plan_for("sales", demanding(7, duration{30'000})));
    site.pass(duration{15'000});
    EXPECT_EQ(site.offered_to(1), agents{1});
    site.decline_by(1, 1);
    site.pass(duration{29'999});
    EXPECT_EQ(site.core.ticket(ticket_id{1}, site.now)->step, 0U);
    site.pass(duration{1});
    EXPECT_EQ(site.offered_to(1), agents{2});
}

TEST(Steps, AClosedQueueStopsTheClocks) {
    small_site site = plain_site();
    ticket_plan plan = plan_for("sales", demanding(7, duration{30'000}));
    plan.first_response = duration{40'000};
    site.add_ticket(1, plan);
    site.pass(duration{10'000});
    site.must(close_queue{"sales"});
    site.pass(duration{12 * 3'600'000});
    EXPECT_EQ(site.core.ticket(ticket_id{1}, site.now)->step, 0U);
    EXPECT_EQ(site.core.ticket(ticket_id{1}, site.now)->first_response_left, duration{30'000});
    EXPECT_EQ(site.core.due(ticket_id{1}, site.now),
              (due_target{target::first_response, duration{30'000}, std::nullopt}));
    site.must(open_queue{"sales"});
    site.pass(duration{20'000});
    EXPECT_EQ(site.core.ticket(ticket_id{1}, site.now)->step, 1U);
    site.pass(duration{10'000});
    ASSERT_EQ(site.said<target_missed>().size(), 1U);
    site.pass(duration{3'600'000});
    EXPECT_TRUE(site.said<target_missed>().empty()) << "once";
}

TEST(Steps, SkipIfNobodyLooksAtWhoIsPresentBusyOrNot) {
    struct row {
        presence state;
        bool busy;
        std::uint32_t step;
    };
    for (const row& each :
         {row{presence::available, false, 0}, row{presence::available, true, 0}, row{presence::away, false, 1}}) {
        small_site site = plain_site();
        site.add_agent(1, {"sales"}, {skill("refunds", 7)}, 1);
        if (each.busy) site.must(begin_held{ticket_id{9}, agent_id{1}, channel_kind::chat, 1, plan_for("sales")});
        site.must(set_presence{agent_id{1}, each.state, {}});
        site.add_ticket(1, plan_for("sales", demanding(7, duration{30'000}, true)));
        EXPECT_EQ(site.core.ticket(ticket_id{1}, site.now)->step, each.step);
    }
}

TEST(Preference, TheLastAgentHasTheTicketToItselfForAWhile) {
    queue_settings sales = queue_named("sales");
    sales.prefer = preference::last_agent;
    small_site site = site_with(sales);
    site.add_agent(1, {"sales"}, {}, 1);
    site.add_agent(2, {"sales"}, {}, 1);
    site.must(begin_held{ticket_id{9}, agent_id{2}, channel_kind::chat, 1, plan_for("sales")});
    site.must(enqueue{ticket_id{1}, channel_kind::chat, 1, plan_for("sales"), agent_id{2}, {}});
    EXPECT_EQ(site.offered_to(1), agents{}) << "agent 2 is busy, and has half a minute";
    EXPECT_EQ(site.core.ticket(ticket_id{1}, site.now)->claimed_for, agent_id{2});
    site.pass(duration{30'000});
    EXPECT_EQ(site.offered_to(1), agents{1});
}

TEST(Preference, WhoIsAwayIsNotWaitedFor) {
    queue_settings sales = queue_named("sales");
    sales.prefer = preference::owner;
    small_site site = site_with(sales);
    site.add_agent(1, {"sales"});
    site.add_agent(2, {"sales"}, {}, 1);
    site.must(begin_held{ticket_id{9}, agent_id{2}, channel_kind::chat, 1, plan_for("sales")});
    site.must(enqueue{ticket_id{1}, channel_kind::chat, 1, plan_for("sales"), {}, agent_id{2}});
    EXPECT_EQ(site.offered_to(1), agents{});
    site.must(set_presence{agent_id{2}, presence::away, "lunch"});
    EXPECT_EQ(site.offered_to(1), agents{1});
}

TEST(Explain, CountsTheFunnelAndNamesTheFirstStageThatFailed) {
    small_site site = plain_site();
    site.add_agent(1, {"general"});
    site.must(upsert_agent{agent_id{2}, {{"sales", 0}}, {}, {channel_kind::email}, 10});
    site.add_agent(3, {"sales"});
    site.must(set_presence{agent_id{3}, presence::away, "lunch"});
    site.add_agent(4, {"sales"}, {}, 1);
    site.add_agent(5, {"sales"}, {skill("refunds", 3)});
    site.add_agent(6, {"sales"}, {skill("refunds", 9)});
    site.add_ticket(1, plan_for("sales", {{{skill("refunds", 7)}, {}, false}}), 2);
    site.decline_by(1, 6);
    const std::vector<funnel_stage> expected{funnel_stage::in_queue,    funnel_stage::channel,
                                             funnel_stage::present,     funnel_stage::room,
                                             funnel_stage::requirement, funnel_stage::not_declined};
    for (std::size_t each = 0; each < expected.size(); ++each) {
        EXPECT_EQ(site.core.explain(ticket_id{1}, agent_id{each + 1})->failed, expected[each]) << each + 1;
    }
    EXPECT_EQ(site.core.explain(ticket_id{1}, {})->passed, (std::array<std::uint32_t, 7>{5, 4, 3, 2, 1, 0, 0}));
    EXPECT_EQ(site.core.explain(ticket_id{1}, agent_id{5})->detail, "refunds 7 is needed, has 3");
    site.must(close_queue{"sales"});
    EXPECT_EQ(site.core.explain(ticket_id{1}, {})->held_back, "queue_closed");
}

}  // namespace
}  // namespace kindred::dispatch::testing
