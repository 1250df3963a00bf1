#include "dispatch/support/site.hpp"

// Closed queues: by the calendar, by a holiday, by a supervisor. Notices.
namespace kindred::dispatch::testing {
namespace {

small_site reborn(const small_site& site, const configure& settings) {
    small_site again;
    again.now = site.now;
    again.must(settings);
    EXPECT_TRUE(again.core.restore_site(site.core.encode_site()));
    for (const agent_id agent : site.core.agents())
        EXPECT_TRUE(again.core.restore_agent(*site.core.encode_agent(agent)));
    for (std::uint64_t each = 1; each < 20; ++each) {
        if (const auto bytes = site.core.encode_ticket(ticket_id{each})) EXPECT_TRUE(again.core.restore_ticket(*bytes));
    }
    return again;
}

TEST(Closing, ByASupervisorLastsUntilItsTimeAndNoLonger) {
    small_site site;
    site.must(configure{{queue_named("sales")}, {}});
    site.add_agent(1, {"sales"});
    site.must(close_until{"sales", site.now + duration{60'000}, "sam"});
    EXPECT_EQ(site.said<closure_set>()[0].by, "sam");
    ASSERT_EQ(site.said<queue_closed>().size(), 1U);
    const auto figures = site.core.queue("sales", site.now);
    EXPECT_FALSE(figures->open);
    EXPECT_EQ(figures->closed_until, site.now + duration{60'000});
    site.add_ticket(1, plan_for("sales"));
    EXPECT_TRUE(site.offered_to(1).empty());
    site.pass(duration{59'999});
    EXPECT_TRUE(site.happened.empty());
    site.pass(duration{1});
    ASSERT_EQ(site.said<closure_ended>().size(), 1U);
    EXPECT_FALSE(site.said<closure_ended>()[0].lifted);
    EXPECT_EQ(site.said<queue_opened>().size(), 1U);
    EXPECT_EQ(site.offered_to(1).size(), 1U);
    EXPECT_FALSE(site.core.queue("sales", site.now)->closed_until);
}

TEST(Closing, IsLiftedByHandAndReplacedByAnother) {
    small_site site;
    site.must(configure{{queue_named("sales")}, {}});
    EXPECT_EQ(site.tell(lift_closure{"sales"}).error().code, errc::conflict);
    site.must(close_until{"sales", site.now + duration{60'000}, "sam"});
    site.must(close_until{"sales", site.now + duration{90'000}, "sam"});
    EXPECT_TRUE(site.said<queue_closed>().empty());
    site.pass(duration{60'000});
    EXPECT_FALSE(site.core.queue("sales", site.now)->open);
    site.must(lift_closure{"sales"});
    EXPECT_TRUE(site.said<closure_ended>()[0].lifted);
    EXPECT_TRUE(site.core.queue("sales", site.now)->open);
    site.pass(duration{60'000});
    EXPECT_TRUE(site.happened.empty());
}

TEST(Closing, AndTheCalendarEachKeepTheQueueClosed) {
    small_site site;
    site.must(configure{{queue_named("sales")}, {}});
    site.must(close_until{"sales", site.now + duration{60'000}, "sam"});
    site.must(close_queue{"sales"});
    EXPECT_TRUE(site.said<queue_closed>().empty()) << "it was closed already";
    site.pass(duration{60'000});
    EXPECT_TRUE(site.said<queue_opened>().empty()) << "the calendar still has it closed";
    site.must(close_until{"sales", site.now + duration{60'000}, "sam"});
    site.must(open_queue{"sales"});
    EXPECT_TRUE(site.said<queue_opened>().empty()) << "the supervisor still has it closed";
    site.must(lift_closure{"sales"});
    EXPECT_EQ(site.said<queue_opened>().size(), 1U);
}

TEST(Closing, StopsTheClocksOfTargetsAndSurvivesARestart) {
    const configure settings{{queue_named("sales")}, {}};
    small_site site;
    site.must(settings);
    ticket_plan plan = plan_for("sales");
    plan.first_response = duration{60'000};
    site.add_ticket(1, plan);
    site.pass(duration{30'000});
    site.must(close_until{"sales", site.now + duration{600'000}, "sam"});
    site.pass(duration{300'000});
    small_site again = reborn(site, settings);
    EXPECT_EQ(again.core.state_hash(), site.core.state_hash());
    EXPECT_EQ(again.core.queue("sales", again.now)->closed_until, again.now + duration{300'000});
    again.pass(duration{300'000});
    EXPECT_EQ(again.said<closure_ended>().size(), 1U);
    EXPECT_TRUE(again.said<target_missed>().empty());
    again.pass(duration{29'999});
    EXPECT_TRUE(again.said<target_missed>().empty());
    again.pass(duration{1});
    EXPECT_EQ(again.said<target_missed>().size(), 1U);
    again.pass(duration{600'000});
    EXPECT_TRUE(again.said<target_missed>().empty()) << "once";
}

TEST(Doors, SayWhatTheFiguresSay) {
    small_site site;
    site.must(configure{{queue_named("sales")}, {}});
    const auto agree = [&] {
        const auto figures = site.core.queue("sales", site.now);
        const auto door = site.core.door("sales");
        return figures && door && figures->open == door->open && figures->holiday == door->holiday &&
               figures->notice == door->notice;
    };
    EXPECT_TRUE(site.core.door("sales")->open);
    EXPECT_FALSE(site.core.door("no such queue"));
    site.must(set_notice{"sales", "Longer waits today.", site.now + duration{60'000}, "sam"});
    site.must(close_queue{"sales", true});
    EXPECT_TRUE(agree());
    EXPECT_TRUE(site.core.door("sales")->holiday);
    site.must(open_queue{"sales"});
    EXPECT_TRUE(agree());
}

TEST(Notices, LastUntilTheirTimeAreReplacedLiftedAndSurviveARestart) {
    const configure settings{{queue_named("sales")}, {}};
    small_site site;
    site.must(settings);
    EXPECT_EQ(site.tell(lift_notice{"sales"}).error().code, errc::conflict);
    site.must(set_notice{"sales", "Longer waits today.", site.now + duration{60'000}, "sam"});
    EXPECT_EQ(site.said<notice_set>()[0].text, "Longer waits today.");
    site.must(set_notice{"sales", "Much longer waits.", site.now + duration{90'000}, "sam"});
    small_site again = reborn(site, settings);
    EXPECT_EQ(again.core.queue("sales", again.now)->notice, "Much longer waits.");
    again.pass(duration{89'999});
    EXPECT_TRUE(again.happened.empty());
    again.pass(duration{1});
    EXPECT_EQ(again.said<notice_ended>().size(), 1U);
    EXPECT_EQ(again.core.queue("sales", again.now)->notice, "");
    site.must(lift_notice{"sales"});
    EXPECT_TRUE(site.said<notice_ended>()[0].lifted);
}

struct closed_case {
    const char* name;
    bool holiday;
    bool full;            ///< instead of closed
    const char* goes_to;  ///< empty: refused
};

TEST(Overflow, OfAFullOneAClosedOneAndAHolidayEachGoesItsOwnWay) {
    const std::vector<closed_case> cases{
        {"full", false, true, "second"},
        {"closed", false, false, "night"},
        {"holiday", true, false, "partner"},
    };
    for (const closed_case& each : cases) {
        SCOPED_TRACE(each.name);
        small_site site;
        queue_settings sales = queue_named("sales");
        sales.limit = 1;
        sales.overflow = "second";
        sales.when_closed = closed_handling::overflow;
        sales.closed_overflow = "night";
        sales.when_holiday = closed_handling::overflow;
        sales.holiday_overflow = "partner";
        site.must(configure{{sales, queue_named("second"), queue_named("night"), queue_named("partner")}, {}});
        if (each.full) site.add_ticket(9, plan_for("sales"));
        if (!each.full) site.must(close_queue{"sales", each.holiday});
        site.add_ticket(1, plan_for("sales"));
        EXPECT_EQ(site.said<ticket_queued>()[0].queue, each.goes_to);
        EXPECT_EQ(site.said<ticket_queued>()[0].overflowed_from, "sales");
    }
}

TEST(Overflow, AHolidayMayHoldOrRefuseWhereTheNightOverflows) {
    for (const closed_handling handling :
         {closed_handling::hold, closed_handling::refuse, closed_handling::call_back}) {
        small_site site;
        queue_settings sales = queue_named("sales");
        sales.when_closed = closed_handling::overflow;
        sales.closed_overflow = "night";
        sales.when_holiday = handling;
        site.must(configure{{sales, queue_named("night")}, {}});
        site.must(close_queue{"sales", false});
        site.add_ticket(1, plan_for("sales"), 1, channel_kind::phone);
        EXPECT_EQ(site.said<ticket_queued>()[0].queue, "night");
        // Midnight: the holiday begins while the queue is closed.
        site.must(close_queue{"sales", true});
        EXPECT_TRUE(site.core.queue("sales", site.now)->holiday);
        EXPECT_EQ(site.tell(close_queue{"sales", true}).error().code, errc::conflict);
        const auto done = site.tell(enqueue{ticket_id{2}, channel_kind::phone, 1, plan_for("sales"), {}, {}});
        EXPECT_EQ(done.has_value(), handling != closed_handling::refuse);
        if (done) EXPECT_EQ(site.said<ticket_queued>()[0].queue, "sales");
        EXPECT_EQ(site.said<callback_requested>().size(), handling == closed_handling::call_back ? 1U : 0U);
    }
}

TEST(Overflow, WithoutANameOfItsOwnAClosedQueueUsesTheCommonOne) {
    small_site site;
    queue_settings sales = queue_named("sales");
    sales.overflow = "second";
    sales.when_closed = closed_handling::overflow;
    site.must(configure{{sales, queue_named("second")}, {}});
    site.must(close_queue{"sales"});
    site.add_ticket(1, plan_for("sales"));
    EXPECT_EQ(site.said<ticket_queued>()[0].queue, "second");
}

}  // namespace
}  // namespace kindred::dispatch::testing
