#include "dispatch/support/site.hpp"

// A ticket's life from hold to end, and what it does to its agent.
namespace kindred::dispatch::testing {
namespace {

using agents = std::vector<std::uint64_t>;

small_site site_with_wrap_up() {
    small_site site;
    queue_settings sales = queue_named("sales");
    sales.wrap_up = {{channel_kind::phone, duration{60'000}}};
    site.must(configure{{sales, queue_named("general")}, {}});
    site.add_agent(1, {"sales"}, {}, 10);
    return site;
}

small_site site_holding(channel_kind kind, std::uint32_t cost) {
    small_site site = site_with_wrap_up();
    site.add_ticket(1, plan_for("sales"), cost, kind);
    site.accept_by(1, 1);
    return site;
}

std::uint32_t used_by(const small_site& site, std::uint64_t agent) { return site.core.agent(agent_id{agent})->used; }

TEST(WrapUp, ItUsesTheAgentUntilItEndsByItself_TwilioLeaksStuckWrapUps) {
    small_site site = site_holding(channel_kind::phone, 10);
    site.must(resolve{ticket_id{1}, "sold"});
    EXPECT_EQ(site.state_of(1), ticket_state::wrapping_up);
    EXPECT_EQ(used_by(site, 1), 10U);
    site.add_ticket(2, plan_for("sales"));
    EXPECT_EQ(site.offered_to(2), agents{});
    site.pass(duration{60'000});
    ASSERT_EQ(site.said<wrap_up_ended>().size(), 1U);
    EXPECT_EQ(site.offered_to(2), agents{1});
    EXPECT_EQ(site.core.open_tickets(), 1U);
}

TEST(WrapUp, ItIsExtendedAndEndedByHand) {
    small_site site = site_holding(channel_kind::phone, 10);
    site.must(resolve{ticket_id{1}, "sold"});
    site.pass(duration{50'000});
    site.must(extend_wrap_up{ticket_id{1}, duration{60'000}});
    site.pass(duration{59'999});
    EXPECT_EQ(used_by(site, 1), 10U);
    site.must(end_wrap_up{ticket_id{1}});
    EXPECT_EQ(used_by(site, 1), 0U);
    EXPECT_FALSE(site.core.next_due());
}

TEST(WrapUp, KindsWithoutOneAreDoneAtOnce) {
    small_site site = site_holding(channel_kind::chat, 3);
    site.must(resolve{ticket_id{1}, "answered"});
    EXPECT_EQ(used_by(site, 1), 0U);
    EXPECT_EQ(site.core.open_tickets(), 0U);
}

TEST(WrapUp, ACustomerWhoComesBackDuringItIsWithTheSameAgentAgain) {
    small_site site = site_holding(channel_kind::phone, 10);
    site.must(resolve{ticket_id{1}, "sold"});
    site.must(reopen{ticket_id{1}, channel_kind::phone, 10, plan_for("sales"), agent_id{1}, {}});
    EXPECT_EQ(site.state_of(1), ticket_state::held);
    site.pass(duration{120'000});
    EXPECT_EQ(site.state_of(1), ticket_state::held);
    EXPECT_EQ(used_by(site, 1), 10U);
}

TEST(Reopening, IsAClaimOnTheLastAgentAndQueuesWhenThatOneIsFull_ZendeskExceedsCapacity) {
    small_site site = site_holding(channel_kind::phone, 10);
    site.must(reopen{ticket_id{7}, channel_kind::chat, 3, plan_for("sales"), agent_id{1}, duration{60'000}});
    EXPECT_EQ(site.state_of(7), ticket_state::waiting);
    EXPECT_EQ(used_by(site, 1), 10U);
    site.add_agent(2, {"sales"});
    EXPECT_EQ(site.offered_to(7), agents{}) << "held back for agent 1";
    site.pass(duration{60'000});
    EXPECT_EQ(site.offered_to(7), agents{2});
}

TEST(Reopening, GoesToTheQueueAtOnceWhenTheLastAgentIsNotThere) {
    small_site site = site_with_wrap_up();
    site.add_agent(2, {"sales"});
    site.must(set_presence{agent_id{1}, presence::offline, {}});
    site.must(reopen{ticket_id{7}, channel_kind::chat, 3, plan_for("sales"), agent_id{1}, duration{60'000}});
    EXPECT_EQ(site.offered_to(7), agents{2});
}

TEST(Transfer, ToAQueueDropsOrKeepsRequirements) {
    for (const bool keep : {true, false}) {
        small_site site = site_with_wrap_up();
        site.must(upsert_agent{agent_id{1}, {{"sales", 0}}, {skill("refunds", 9)}, {}, 10});
        site.add_agent(2, {"general"});
        site.add_ticket(1, plan_for("sales", {{{skill("refunds", 7)}, {}, false}}));
        site.accept_by(1, 1);
        site.must(transfer{ticket_id{1}, "general", {}, keep, {}, {}});
        EXPECT_EQ(site.offered_to(1), keep ? agents{} : agents{2});
        EXPECT_EQ(used_by(site, 1), 0U);
    }
}

TEST(Transfer, ToAColleagueIsAClaimThatHoursAndMembershipDoNotStop) {
    small_site site = site_holding(channel_kind::phone, 10);
    site.add_agent(2, {"general"});
    site.must(close_queue{"sales"});
    site.must(transfer{ticket_id{1}, "", agent_id{2}, true, {}, duration{60'000}});
    EXPECT_EQ(site.offered_to(1), agents{2});
    site.decline_by(1, 2);
    EXPECT_EQ(site.said<claim_ended>().size(), 1U);
    EXPECT_EQ(site.offered_to(1), agents{}) << "the queue is closed";
    site.must(open_queue{"sales"});
    EXPECT_EQ(site.offered_to(1), agents{1});
}

TEST(Transfer, NotToWhoIsNotThere) {
    small_site site = site_holding(channel_kind::phone, 10);
    site.add_agent(2, {"sales"});
    site.must(set_presence{agent_id{2}, presence::away, "lunch"});
    const auto done = site.tell(transfer{ticket_id{1}, "", agent_id{2}, true, {}, duration{60'000}});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message.substr(0, 17), "agent_not_present");
    EXPECT_EQ(site.state_of(1), ticket_state::held);
}

TEST(Transfer, WhoeverFreesTheTicketTakesTheOneThatWaitedLonger) {
    small_site site = site_holding(channel_kind::phone, 10);
    site.add_ticket(2, plan_for("sales"), 10, channel_kind::phone);
    site.pass(duration{1'000});
    site.must(transfer{ticket_id{1}, "sales", {}, true, {}, {}});
    EXPECT_EQ(site.offered_to(2), agents{1});
    EXPECT_EQ(site.offered_to(1), agents{});
}

TEST(Assignment, ByHandMayGoOverCapacityAndSaysSo) {
    small_site site = site_holding(channel_kind::phone, 10);
    site.must(set_presence{agent_id{1}, presence::away, "lunch"});
    site.add_ticket(2, plan_for("sales"), 3);
    site.must(assign{ticket_id{2}, agent_id{1}});
    ASSERT_EQ(site.said<ticket_held>().size(), 1U);
    EXPECT_TRUE(site.said<ticket_held>()[0].over_capacity);
    EXPECT_EQ(used_by(site, 1), 13U);
    site.must(resolve{ticket_id{2}, ""});
    EXPECT_EQ(used_by(site, 1), 10U);
}

TEST(Assignment, TakesATicketFromAnotherHolder) {
    small_site site = site_holding(channel_kind::chat, 3);
    site.add_agent(2, {"general"});
    site.must(assign{ticket_id{1}, agent_id{2}});
    EXPECT_EQ(site.said<ticket_held>()[0].taken_from, agent_id{1});
    EXPECT_EQ(used_by(site, 1), 0U);
    EXPECT_EQ(site.core.tickets_of(agent_id{2}), std::vector{ticket_id{1}});
}

TEST(Abandoning, EndsAWaitAndTurnsATalkIntoWrapUp) {
    small_site site = site_holding(channel_kind::phone, 10);
    site.add_ticket(2, plan_for("sales"), 10, channel_kind::phone);
    site.pass(duration{5'000});
    site.must(abandon{ticket_id{2}});
    ASSERT_EQ(site.said<ticket_abandoned>().size(), 1U);
    EXPECT_EQ(site.said<ticket_abandoned>()[0].waited, duration{5'000});
    site.must(abandon{ticket_id{1}});
    EXPECT_EQ(site.said<ticket_resolved>()[0].disposition, "abandoned");
    EXPECT_EQ(site.state_of(1), ticket_state::wrapping_up);
}

TEST(Snoozing, FreesTheAgentAndComesBackToItWhenDue) {
    small_site site = site_holding(channel_kind::email, 1);
    site.must(snooze{ticket_id{1}, site.now + duration{3'600'000}, duration{60'000}});
    EXPECT_EQ(used_by(site, 1), 0U);
    site.add_agent(2, {"sales"});
    site.pass(duration{3'600'000});
    EXPECT_EQ(site.offered_to(1), agents{1});
    EXPECT_EQ(site.said<ticket_queued>()[0].because, queued_because::woken);
}

TEST(Replanning, TheSamePlanChangesNothingAndAnotherBeginsAnewInItsOldPlace) {
    small_site site = site_with_wrap_up();
    site.must(enqueue{ticket_id{1}, channel_kind::chat, 1, plan_for("sales"), {}, {}});
    const offer_id first = site.offer_of(1, 1);
    site.must(replan{ticket_id{1}, plan_for("sales")});
    EXPECT_TRUE(site.happened.empty());
    EXPECT_EQ(site.offer_of(1, 1), first);
    site.pass(duration{1'000});
    site.must(replan{ticket_id{1}, plan_for("general")});
    EXPECT_EQ(site.offered_to(1), agents{});
    EXPECT_EQ(used_by(site, 1), 0U);
    EXPECT_EQ(site.core.queue("general", site.now)->longest_wait, duration{1'000});
}

TEST(Targets, FireOnceWhenDueAndAnAnswerMeetsThem) {
    small_site site = site_with_wrap_up();
    ticket_plan plan = plan_for("sales");
    plan.first_response = duration{20'000};
    plan.next_response = duration{10'000};
    plan.resolution = duration{100'000};
    site.add_ticket(1, plan);
    site.accept_by(1, 1);
    site.pass(duration{19'999});
    site.must(agent_replied{ticket_id{1}});
    site.pass(duration{10'000});
    EXPECT_TRUE(site.said<target_missed>().empty());
    site.must(customer_wrote{ticket_id{1}});
    site.pass(duration{10'000});
    ASSERT_EQ(site.said<target_missed>().size(), 1U);
    EXPECT_EQ(site.said<target_missed>()[0].which, target::next_response);
    site.pass(duration{60'001});
    ASSERT_EQ(site.said<target_missed>().size(), 1U);
    EXPECT_EQ(site.said<target_missed>()[0].which, target::resolution);
}

TEST(Figures, TheEstimateIsTheFormulaThatIsDocumented) {
    small_site site = site_with_wrap_up();
    EXPECT_EQ(site.core.queue("sales", site.now)->estimated_wait, duration{0});
    site.add_ticket(1, plan_for("sales"), 10);
    site.accept_by(1, 1);
    site.add_ticket(2, plan_for("sales"), 10);
    EXPECT_EQ(site.core.queue("sales", site.now)->estimated_wait, duration{180'000}) << "90 s x 2 / 1 agent";
    site.pass(duration{10'000});
    site.must(resolve{ticket_id{1}, ""});
    const auto figures = site.core.queue("sales", site.now);
    EXPECT_EQ(figures->estimated_wait, duration{50'000})
        << "the mean of the first guess and 10 s: who is on offer is as good as served";
    EXPECT_EQ(figures->waiting, 1U);
    EXPECT_EQ(figures->agents_present, 1U);
    EXPECT_EQ(figures->agents_ready, 0U);
    EXPECT_FALSE(site.core.queue("nowhere", site.now));
}

TEST(Reconfiguration, AQueueThatIsNoLongerNamedServesWhatWaitsInItAndTakesNothingNew) {
    small_site site = site_with_wrap_up();
    site.must(set_presence{agent_id{1}, presence::away, {}});
    site.add_ticket(1, plan_for("sales"));
    site.must(configure{{queue_named("general")}, {}});
    const auto done = site.tell(enqueue{ticket_id{2}, channel_kind::chat, 1, plan_for("sales"), {}, {}});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, errc::not_found);
    site.must(set_presence{agent_id{1}, presence::available, {}});
    EXPECT_EQ(site.offered_to(1), agents{1});
    site.accept_by(1, 1);
    EXPECT_EQ(site.core.queue_names(), std::vector<std::string>{"general"});
}

TEST(Reconfiguration, ANewOrderAppliesToWhoWaitsAlready) {
    small_site site;
    queue_settings sales = queue_named("sales");
    site.must(configure{{sales}, {}});
    site.add_ticket(1, plan_for("sales"));
    site.pass(duration{3'600'000});
    ticket_plan urgent = plan_for("sales");
    urgent.head_start = duration{1'000};
    site.add_ticket(2, urgent);
    sales.order = serving_order::strict;
    sales.offer.to = 2;
    site.must(configure{{sales}, {}});
    site.add_agent(1, {"sales"}, {}, 1);
    EXPECT_EQ(site.offered_to(2), agents{1});
    site.add_agent(2, {"sales"}, {}, 1);
    EXPECT_EQ(site.offered_to(2), (agents{1, 2}));
}

}  // namespace
}  // namespace kindred::dispatch::testing
