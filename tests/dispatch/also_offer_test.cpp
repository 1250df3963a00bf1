#include "dispatch/support/site.hpp"

// A ticket that the agents of another queue may have as well.
namespace kindred::dispatch::testing {
namespace {

using agents = std::vector<std::uint64_t>;

small_site two_queues() {
    small_site site;
    site.must(configure{{queue_named("sales"), queue_named("general")}, {}});
    return site;
}

TEST(AlsoOffer, ReachesAgentsOfTheOtherQueueAtOnceAndKeepsItsOwn) {
    small_site site = two_queues();
    site.add_agent(1, {"general"});
    site.add_ticket(1, plan_for("sales"));
    EXPECT_EQ(site.offered_to(1), agents{});
    site.must(also_offer{ticket_id{1}, "general"});
    EXPECT_EQ(site.offered_to(1), agents{1});
    const auto view = site.core.ticket(ticket_id{1}, site.now);
    EXPECT_EQ(view->queue, "sales");
    EXPECT_EQ(view->also_offered, "general");
    site.accept_by(1, 1);
    EXPECT_EQ(site.state_of(1), ticket_state::held);
}

TEST(AlsoOffer, FindsWhoComesLater) {
    small_site site = two_queues();
    site.add_ticket(1, plan_for("sales"));
    site.must(also_offer{ticket_id{1}, "general"});
    site.add_agent(2, {"general"});
    EXPECT_EQ(site.offered_to(1), agents{2});
}

TEST(AlsoOffer, EndsWhenTheTicketIsHeldOrWaitsAnew) {
    small_site site = two_queues();
    site.add_ticket(1, plan_for("sales"));
    site.must(also_offer{ticket_id{1}, "general"});
    site.add_agent(2, {"general"});
    site.accept_by(1, 2);
    transfer back;
    back.ticket = ticket_id{1};
    back.queue = "sales";
    site.must(back);
    EXPECT_EQ(site.core.ticket(ticket_id{1}, site.now)->also_offered, "");
    EXPECT_EQ(site.offered_to(1), agents{});
}

TEST(AlsoOffer, KeepsRequirementsAndOpeningHours) {
    small_site site = two_queues();
    site.add_agent(1, {"general"});
    site.add_agent(2, {"general"}, {skill("refunds", 5)});
    site.must(close_queue{"sales"});
    site.add_ticket(1, plan_for("sales", {{{skill("refunds", 3)}, {}, false}}));
    site.must(also_offer{ticket_id{1}, "general"});
    EXPECT_EQ(site.offered_to(1), agents{}) << "its own queue is closed";
    site.must(open_queue{"sales"});
    EXPECT_EQ(site.offered_to(1), agents{2});
}

TEST(AlsoOffer, IsRefusedForQueuesThatAreNotThereAndTicketsThatDoNotWait) {
    small_site site = two_queues();
    site.add_ticket(1, plan_for("sales"));
    EXPECT_EQ(site.tell(also_offer{ticket_id{1}, "nowhere"}).error().code, errc::not_found);
    site.add_agent(1, {"sales"});
    site.accept_by(1, 1);
    EXPECT_EQ(site.tell(also_offer{ticket_id{1}, "general"}).error().code, errc::conflict);
}

}  // namespace
}  // namespace kindred::dispatch::testing
