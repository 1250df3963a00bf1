#include "dispatch/support/site.hpp"

// Queues that use the agents of others while their own are too few; kinds that pause and interrupt each other.
namespace kindred::dispatch::testing {
namespace {

using agents = std::vector<std::uint64_t>;

queue_settings borrower(std::vector<std::string> from) {
    queue_settings sales = queue_named("sales");
    sales.borrow = {std::move(from), duration{180'000}, duration{60'000}};
    return sales;
}

/// One busy agent in sales, two idle ones in general. A handled ticket is guessed to take 90 s.
small_site busy_site() {
    small_site site;
    site.must(configure{{borrower({"general"}), queue_named("general")}, {}});
    site.add_agent(1, {"sales"}, {}, 1);
    site.add_agent(2, {"general"}, {}, 1);
    site.add_agent(3, {"general"}, {}, 1);
    site.add_ticket(1, plan_for("sales"));
    site.accept_by(1, 1);
    return site;
}

TEST(Borrowing, BeginsAtTheLineAndIsSaid) {
    small_site site = busy_site();
    site.add_ticket(2, plan_for("sales"));
    ASSERT_EQ(site.said<borrowing_started>().size(), 1U) << "one waits: the next would wait 2 x 90 s";
    EXPECT_EQ(site.said<borrowing_started>()[0].queue, "sales");
    EXPECT_EQ(site.said<borrowing_started>()[0].from, "general");
    EXPECT_EQ(site.said<borrowing_started>()[0].estimated_wait, duration{180'000});
    EXPECT_EQ(site.offered_to(2), agents{2});
    EXPECT_EQ(site.core.queue("sales", site.now)->borrows_from, std::vector<std::string>{"general"});
}

TEST(Borrowing, HasHysteresis_ItEndsAtTheLowerLineNotWhereItBegan) {
    small_site site = busy_site();
    site.add_ticket(2, plan_for("sales"));
    site.accept_by(2, 2);
    // Nobody waits: a newcomer would wait 90 s, which is between the lines.
    EXPECT_TRUE(site.said<borrowing_ended>().empty());
    EXPECT_FALSE(site.core.queue("sales", site.now)->borrows_from.empty());
    site.add_ticket(3, plan_for("sales"));
    EXPECT_EQ(site.offered_to(3), agents{3}) << "still lent";
    site.accept_by(3, 3);
    site.must(resolve{ticket_id{1}, ""});
    ASSERT_EQ(site.said<borrowing_ended>().size(), 1U) << "agent 1 is ready: nobody would wait";
    site.add_ticket(4, plan_for("sales"));
    EXPECT_EQ(site.offered_to(4), agents{1});
}

TEST(Borrowing, ALenderWithWorkOfItsOwnLendsNobody) {
    small_site site = busy_site();
    site.must(set_presence{agent_id{2}, presence::away, {}});
    site.must(set_presence{agent_id{3}, presence::away, {}});
    site.add_ticket(10, plan_for("general"));
    site.add_ticket(2, plan_for("sales"));
    EXPECT_TRUE(site.said<borrowing_started>().empty());
    site.must(set_presence{agent_id{2}, presence::available, {}});
    EXPECT_EQ(site.offered_to(10), agents{2});
    EXPECT_TRUE(site.offered_to(2).empty());
}

TEST(Borrowing, EndsWhenTheLendersOwnWaitGrows) {
    small_site site = busy_site();
    site.add_ticket(2, plan_for("sales"));
    site.accept_by(2, 2);
    site.add_ticket(3, plan_for("sales"));
    site.accept_by(3, 3);
    site.add_ticket(4, plan_for("sales"));
    site.add_ticket(10, plan_for("general"));
    ASSERT_EQ(site.said<borrowing_ended>().size(), 1U) << "its next would wait (1 + 1) x 90 / 2 s";
    site.must(resolve{ticket_id{2}, ""});
    EXPECT_EQ(site.offered_to(10), agents{2}) << "not ticket 4, which came before but is of the other queue";
}

TEST(Borrowing, KeepsRequirementsAndHours) {
    small_site site = busy_site();
    site.add_ticket(2, plan_for("sales", {{{skill("refunds", 3)}, {}, false}}));
    EXPECT_EQ(site.said<borrowing_started>().size(), 1U);
    EXPECT_TRUE(site.offered_to(2).empty());
    site.must(close_queue{"sales"});
    EXPECT_EQ(site.said<borrowing_ended>().size(), 1U);
}

TEST(Borrowing, EndsWithItsSettingAndSurvivesARestart) {
    const configure settings{{borrower({"general"}), queue_named("general")}, {}};
    small_site site = busy_site();
    site.add_ticket(2, plan_for("sales"));
    small_site again;
    again.now = site.now;
    again.must(settings);
    ASSERT_TRUE(again.core.restore_site(site.core.encode_site()));
    for (const agent_id agent : site.core.agents())
        ASSERT_TRUE(again.core.restore_agent(*site.core.encode_agent(agent)));
    for (const std::uint64_t each : {1, 2})
        ASSERT_TRUE(again.core.restore_ticket(*site.core.encode_ticket(ticket_id{each})));
    EXPECT_EQ(again.core.state_hash(), site.core.state_hash());
    again.must(decline{again.offer_of(2, 2), agent_id{2}});
    EXPECT_EQ(again.offered_to(2), agents{3});
    again.must(configure{{queue_named("sales"), queue_named("general")}, {}});
    EXPECT_EQ(again.said<borrowing_ended>().size(), 1U);
}

TEST(Borrowing, LinesInTheWrongOrderAndUnknownLendersAreRefused) {
    small_site site;
    queue_settings sales = borrower({"general"});
    sales.borrow.below = sales.borrow.above;
    EXPECT_EQ(site.tell(configure{{sales, queue_named("general")}, {}}).error().message.substr(0, 14),
              "invalid_borrow");
    EXPECT_EQ(site.tell(configure{{borrower({"sales"})}, {}}).error().message.substr(0, 13), "unknown_queue");
}

configure with_kinds(std::vector<kind_rule> pauses, std::vector<kind_rule> interrupts) {
    return {{queue_named("sales")}, {}, std::move(pauses), std::move(interrupts)};
}

TEST(Pauses, NoChatIsOfferedDuringACallAndTheOldestAtItsEnd) {
    small_site site;
    queue_settings sales = queue_named("sales");
    sales.wrap_up = {{channel_kind::phone, duration{60'000}}};
    site.must(configure{{sales}, {}, {{channel_kind::phone, {channel_kind::chat}}}, {}});
    site.add_agent(1, {"sales"}, {}, 20);
    site.add_ticket(1, plan_for("sales"), 10, channel_kind::phone);
    site.accept_by(1, 1);
    site.add_ticket(2, plan_for("sales"), 3, channel_kind::chat);
    EXPECT_TRUE(site.offered_to(2).empty());
    const auto why = site.core.explain(ticket_id{2}, agent_id{1});
    EXPECT_EQ(why->failed, funnel_stage::room);
    EXPECT_EQ(why->detail, "takes no chat while at a phone ticket");
    site.add_ticket(3, plan_for("sales"), 1, channel_kind::email);
    EXPECT_EQ(site.offered_to(3), agents{1}) << "mail is not paused";
    site.must(resolve{ticket_id{1}, ""});
    EXPECT_EQ(site.state_of(1), ticket_state::wrapping_up);
    EXPECT_EQ(site.offered_to(2), agents{1}) << "the talk is over, its wrap-up pauses nothing";
}

TEST(Interrupts, ACallReachesAnAgentFullOfMailAndIsMarked) {
    small_site site;
    site.must(with_kinds({}, {{channel_kind::phone, {channel_kind::email}}}));
    site.add_agent(1, {"sales"}, {}, 10);
    for (std::uint64_t each = 1; each <= 10; ++each) {
        site.add_ticket(each, plan_for("sales"), 1, channel_kind::email);
        site.accept_by(each, 1);
    }
    site.add_ticket(11, plan_for("sales"), 1, channel_kind::email);
    EXPECT_TRUE(site.offered_to(11).empty()) << "mail does not interrupt mail";
    site.add_ticket(12, plan_for("sales"), 10, channel_kind::phone);
    EXPECT_EQ(site.offered_to(12), agents{1});
    site.accept_by(12, 1);
    EXPECT_TRUE(site.said<ticket_held>()[0].over_capacity);
    EXPECT_EQ(site.core.agent(agent_id{1})->used, 20U);
    site.add_ticket(13, plan_for("sales"), 10, channel_kind::phone);
    EXPECT_TRUE(site.offered_to(13).empty()) << "a call does not interrupt a call";
}

TEST(Interrupts, ANewSettingTakesEffectAtOnce) {
    small_site site;
    site.must(with_kinds({}, {}));
    site.add_agent(1, {"sales"}, {}, 1);
    site.add_ticket(1, plan_for("sales"), 1, channel_kind::email);
    site.accept_by(1, 1);
    site.add_ticket(2, plan_for("sales"), 1, channel_kind::phone);
    EXPECT_TRUE(site.offered_to(2).empty());
    site.must(with_kinds({}, {{channel_kind::phone, {channel_kind::email}}}));
    EXPECT_EQ(site.offered_to(2), agents{1});
}

}  // namespace
}  // namespace kindred::dispatch::testing
