#include "dispatch/support/site.hpp"

// A second agent is asked while the first keeps the ticket; callbacks; tickets that end whoever has them.
namespace kindred::dispatch::testing {
namespace {

constexpr ticket_id subject{1};
constexpr agent_id ann{1};
constexpr agent_id bo{2};

std::uint32_t used(const small_site& site, agent_id agent) { return site.core.agent(agent)->used; }

/// Ann holds ticket 1, which costs 3; Bo is in another queue.
small_site site_with_a_talk() {
    small_site site;
    queue_settings sales = queue_named("sales");
    sales.wrap_up = {{channel_kind::chat, duration{60'000}}};
    site.must(configure{{sales, queue_named("billing")}, {}});
    site.add_agent(ann.value, {"sales"});
    site.add_agent(bo.value, {"billing"});
    site.add_ticket(subject.value, plan_for("sales"), 3);
    site.accept_by(subject.value, ann.value);
    return site;
}

TEST(Consult, UsesTheUnitsOfBothExactlyAndFreesThemWhenItEnds) {
    small_site site = site_with_a_talk();
    site.must(consult{subject, bo});
    ASSERT_EQ(site.said<consult_started>().size(), 1U);
    EXPECT_EQ(site.said<consult_started>()[0].by, ann);
    EXPECT_EQ(used(site, ann), 3U);
    EXPECT_EQ(used(site, bo), 3U);
    EXPECT_EQ(site.core.ticket(subject, site.now)->consulted, bo);
    EXPECT_EQ(site.core.ticket(subject, site.now)->holder, ann);
    EXPECT_EQ(site.core.consults_of(bo), std::vector<ticket_id>{subject});
    site.must(end_consult{subject});
    EXPECT_EQ(site.said<consult_ended>()[0].reason, "ended");
    EXPECT_EQ(used(site, bo), 0U);
    EXPECT_EQ(used(site, ann), 3U);
}

TEST(Consult, WhoWasAskedTakesTheTicketOver) {
    small_site site = site_with_a_talk();
    site.must(consult{subject, bo});
    site.must(take_over{subject});
    ASSERT_EQ(site.said<ticket_held>().size(), 1U);
    EXPECT_EQ(site.said<ticket_held>()[0].because, held_because::consulted);
    EXPECT_EQ(site.said<ticket_held>()[0].taken_from, ann);
    EXPECT_EQ(used(site, ann), 0U);
    EXPECT_EQ(used(site, bo), 3U);
    EXPECT_EQ(site.core.ticket(subject, site.now)->holder, bo);
}

TEST(Consult, EndsWithTheTalkTheTransferTheAssignmentAndTheDeskOfWhoWasAsked) {
    const std::vector<std::pair<const char*, command>> ends{
        {"resolved", resolve{subject, "done"}},
        {"resolved", abandon{subject}},
        {"released", transfer{subject, "billing", {}, true, {}, {}}},
        {"released", snooze{subject, from_millis(1'700'000'900'000), {}}},
        {"released", assign{subject, bo}},
        {"released", close_ticket{subject, "merged"}},
        {"released", remove_ticket{subject}},
        {"agent_offline", agent_gone{bo}},
        {"agent_offline", set_presence{bo, presence::offline, {}}},
    };
    for (const auto& [reason, end] : ends) {
        SCOPED_TRACE(name_of(end));
        small_site site = site_with_a_talk();
        site.must(consult{subject, bo});
        site.must(end);
        ASSERT_EQ(site.said<consult_ended>().size(), 1U);
        EXPECT_EQ(site.said<consult_ended>()[0].reason, reason);
        EXPECT_TRUE(site.core.consults_of(bo).empty());
    }
}

TEST(Consult, ABreakDoesNotEndIt) {
    small_site site = site_with_a_talk();
    site.must(consult{subject, bo});
    site.must(set_presence{bo, presence::away, "coffee"});
    EXPECT_EQ(site.core.ticket(subject, site.now)->consulted, bo);
    EXPECT_EQ(used(site, bo), 3U);
}

TEST(Consult, NeedsRoomAndPresence) {
    small_site site = site_with_a_talk();
    site.must(upsert_agent{bo, {{"billing", 0}}, {}, {}, 2});
    EXPECT_EQ(site.tell(consult{subject, bo}).error().message.substr(0, 17), "agent_has_no_room");
    site.must(upsert_agent{bo, {{"billing", 0}}, {}, {}, 10});
    site.must(set_presence{bo, presence::away, {}});
    EXPECT_EQ(site.tell(consult{subject, bo}).error().message.substr(0, 17), "agent_not_present");
}

TEST(Consult, SurvivesARestart) {
    small_site site = site_with_a_talk();
    site.must(consult{subject, bo});
    dispatcher again;
    std::vector<event> said;
    ASSERT_TRUE(again.apply(configure{{queue_named("sales"), queue_named("billing")}, {}}, site.now, said));
    ASSERT_TRUE(again.restore_site(site.core.encode_site()));
    for (const agent_id each : {ann, bo}) ASSERT_TRUE(again.restore_agent(*site.core.encode_agent(each)));
    ASSERT_TRUE(again.restore_ticket(*site.core.encode_ticket(subject)));
    EXPECT_EQ(again.agent(bo)->used, 3U);
    EXPECT_EQ(again.ticket(subject, site.now)->consulted, bo);
}

TEST(Callback, KeepsItsPlaceInLineAndIsOverOnceAnAgentHasIt) {
    small_site site;
    site.must(configure{{queue_named("sales")}, {}});
    for (std::uint64_t each = 1; each <= 3; ++each) {
        site.add_ticket(each, plan_for("sales"), 10, channel_kind::phone);
        site.pass(duration{1'000});
    }
    site.must(call_back{ticket_id{2}});
    EXPECT_EQ(site.said<callback_requested>()[0].queue, "sales");
    EXPECT_TRUE(site.core.ticket(ticket_id{2}, site.now)->callback);
    EXPECT_EQ(site.core.position_of(ticket_id{2}), 2U);
    EXPECT_EQ(site.tell(call_back{ticket_id{2}}).error().code, errc::conflict);
    site.add_agent(1, {"sales"});
    site.accept_by(1, 1);
    site.must(resolve{ticket_id{1}, ""});
    EXPECT_EQ(site.offered_to(2), std::vector<std::uint64_t>{1}) << "before ticket 3, which waits on the line";
    site.accept_by(2, 1);
    EXPECT_FALSE(site.core.ticket(ticket_id{2}, site.now)->callback);
    EXPECT_EQ(site.tell(call_back{ticket_id{2}}).error().code, errc::conflict);
}

TEST(Callback, AClosedQueueMayPromiseOneToCallersAndHoldsTheRest) {
    small_site site;
    queue_settings sales = queue_named("sales");
    sales.when_closed = closed_handling::call_back;
    site.must(configure{{sales}, {}});
    site.must(close_queue{"sales"});
    site.add_ticket(1, plan_for("sales"), 10, channel_kind::phone);
    EXPECT_EQ(site.said<callback_requested>().size(), 1U);
    site.add_ticket(2, plan_for("sales"), 1, channel_kind::email);
    EXPECT_EQ(site.said<callback_requested>().size(), 0U);
    site.must(open_queue{"sales"});
    site.add_ticket(3, plan_for("sales"), 10, channel_kind::phone);
    EXPECT_EQ(site.said<callback_requested>().size(), 0U);
}

TEST(ClosingATicket, EndsItInWhateverStateWithoutWrapUp) {
    small_site site = site_with_a_talk();
    site.must(close_ticket{subject, "merged"});
    EXPECT_EQ(site.said<ticket_resolved>()[0].agent, ann);
    EXPECT_EQ(site.said<ticket_resolved>()[0].disposition, "merged");
    EXPECT_TRUE(site.said<wrap_up_started>().empty());
    EXPECT_EQ(used(site, ann), 0U);
    site.add_ticket(2, plan_for("sales"));
    ASSERT_EQ(site.offered_to(2).size(), 1U);
    site.must(close_ticket{ticket_id{2}, "settled"});
    EXPECT_EQ(site.said<offer_closed>()[0].reason, "closed");
    EXPECT_FALSE(site.said<ticket_resolved>()[0].agent);
    EXPECT_EQ(site.core.open_tickets(), 0U);
}

}  // namespace
}  // namespace kindred::dispatch::testing
