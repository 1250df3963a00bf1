#include "dispatch/support/site.hpp"

// Position and estimated wait: the formula of docs/dispatch.md, by hand.
namespace kindred::dispatch::testing {
namespace {

constexpr duration handling{60'000};

/// Every ticket that was handled so far took a minute.
small_site site_with_agents(int agents, std::uint32_t capacity = 1) {
    small_site site;
    site.must(configure{{queue_named("sales")}, {}});
    site.add_agent(100, {"sales"}, {skill("x", 9)}, 1);
    for (std::uint64_t each = 0; each < 40; ++each) {
        site.add_ticket(1'000 + each, plan_for("sales"));
        site.accept_by(1'000 + each, 100);
        site.pass(handling);
        site.must(resolve{ticket_id{1'000 + each}, "done"});
    }
    site.must(set_presence{agent_id{100}, presence::offline, {}});
    site.must(remove_agent{agent_id{100}});
    for (int each = 1; each <= agents; ++each)
        site.add_agent(static_cast<std::uint64_t>(each), {"sales"}, {}, capacity);
    return site;
}

void fill(small_site& site, int agents, std::uint64_t first) {
    for (int each = 0; each < agents; ++each) {
        const std::uint64_t ticket = first + static_cast<std::uint64_t>(each);
        site.add_ticket(ticket, plan_for("sales"));
        ASSERT_EQ(site.offered_to(ticket).size(), 1U);
        site.accept_by(ticket, site.offered_to(ticket)[0]);
    }
}

double seconds(duration span) { return static_cast<double>(span.count()) / 1'000; }

TEST(Estimate, NobodyWaitsForAnAgentWhoIsReady) {
    const small_site site = site_with_agents(1);
    EXPECT_EQ(site.core.queue("sales", site.now)->estimated_wait, duration{0});
    const auto newcomer_waits = site.core.estimate(newcomer{"sales", {}, channel_kind::chat, 1}, site.now);
    EXPECT_EQ(newcomer_waits->wait, duration{0});
    EXPECT_EQ(newcomer_waits->position, 1U);
}

TEST(Estimate, EachPlaceInLineWaitsForOneMoreDepartureOfAllAgents) {
    small_site site = site_with_agents(3);
    fill(site, 3, 1);
    for (std::uint64_t each = 11; each <= 14; ++each) site.add_ticket(each, plan_for("sales"));
    for (std::uint64_t place = 1; place <= 4; ++place) {
        const auto waits = site.core.estimate(ticket_id{10 + place});
        EXPECT_EQ(waits->position, place);
        EXPECT_EQ(waits->slots, 3U);
        EXPECT_NEAR(seconds(waits->wait), 60.0 / 3 * static_cast<double>(place), 1.0);
    }
    EXPECT_NEAR(seconds(site.core.queue("sales", site.now)->estimated_wait), 60.0 / 3 * 5, 1.5);
}

TEST(Estimate, AnAgentCountsForAsManyTicketsAsItHasRoomFor) {
    small_site site = site_with_agents(2, 4);
    fill(site, 8, 1);
    site.add_ticket(11, plan_for("sales"));
    EXPECT_EQ(site.core.estimate(ticket_id{11})->slots, 8U);
    EXPECT_NEAR(seconds(site.core.estimate(ticket_id{11})->wait), 60.0 / 8, 0.5);
}

TEST(Estimate, AHeadStartShortensIt) {
    small_site site = site_with_agents(2);
    fill(site, 2, 1);
    for (std::uint64_t each = 11; each <= 16; ++each) site.add_ticket(each, plan_for("sales"));
    const auto at = [&](duration head_start) {
        return *site.core.estimate(newcomer{"sales", head_start, channel_kind::chat, 1}, site.now);
    };
    EXPECT_EQ(at(duration{0}).position, 7U);
    EXPECT_NEAR(seconds(at(duration{0}).wait), 60.0 / 2 * 7, 3.0);
    EXPECT_EQ(at(duration{600'000}).position, 1U);
    EXPECT_NEAR(seconds(at(duration{600'000}).wait), 60.0 / 2, 1.0);
}

TEST(Estimate, AStepCountsThoseWhoMeetItAndThoseBeforeThatNeedThem) {
    small_site site = site_with_agents(3);
    site.add_agent(9, {"sales"}, {skill("refunds", 5)}, 1);
    fill(site, 4, 1);
    // Three before it can be served by anybody, so each takes a quarter of the one who can do refunds.
    for (std::uint64_t each = 11; each <= 13; ++each) site.add_ticket(each, plan_for("sales"));
    site.add_ticket(14, plan_for("sales", {{{skill("refunds", 3)}, duration{30'000}, false}, {}}));
    const auto waits = site.core.estimate(ticket_id{14}, 0);
    EXPECT_EQ(waits->position, 4U);
    EXPECT_EQ(waits->slots, 1U);
    EXPECT_NEAR(seconds(waits->wait), 60.0 * (0.75 + 1), 2.0);
    const auto later = site.core.estimate(ticket_id{14}, 1);
    EXPECT_EQ(later->slots, 4U);
    EXPECT_NEAR(seconds(later->wait), 60.0 / 4 * 4, 1.5);
    EXPECT_FALSE(site.core.estimate(ticket_id{14}, 2));
    // It will go to the later step after 30 s, as a rule, and be further on in line by then.
    EXPECT_NEAR(seconds(site.core.estimate(ticket_id{14})->wait), 56.0, 3.0);
}

TEST(Estimate, WhatIsBeforeItInOtherQueuesOfItsAgentsCounts) {
    small_site site = site_with_agents(0);
    site.must(configure{{queue_named("sales"), queue_named("other")}, {}});
    site.add_agent(1, {"sales", "other"}, {}, 1);
    site.add_agent(2, {"sales"}, {}, 1);
    fill(site, 2, 1);
    for (std::uint64_t each = 11; each <= 12; ++each) site.add_ticket(each, plan_for("other"));
    site.add_ticket(13, plan_for("sales"));
    // Nothing was handled in `other`: its tickets are thought to take 90 s, and one of two agents does them, so that
    // the other one is free sooner.
    EXPECT_NEAR(seconds(site.core.estimate(ticket_id{13})->wait), 60.0, 2.0);
    site.must(upsert_agent{agent_id{2}, {{"sales", 0}, {"other", 0}}, {}, {}, 1});
    EXPECT_NEAR(seconds(site.core.estimate(ticket_id{13})->wait), 90.0 + 60.0 / 2, 2.0);
    EXPECT_EQ(site.core.estimate(ticket_id{13})->position, 1U);
}

TEST(Estimate, WhoWillOvertakeItCounts) {
    small_site site = site_with_agents(1);
    fill(site, 1, 1);
    // Every two minutes an urgent one comes, and is served in one.
    for (std::uint64_t each = 100; each < 120; ++each) {
        auto urgent = plan_for("sales");
        urgent.head_start = duration{1'800'000};
        site.add_ticket(each, urgent);
        site.must(resolve{site.core.tickets_of(agent_id{1})[0], "done"});
        site.accept_by(each, 1);
        site.pass(duration{120'000});
    }
    site.add_ticket(200, plan_for("sales"));
    const double alone = static_cast<double>(site.core.queue("sales", site.now)->mean_handling.count()) / 1'000;
    EXPECT_NEAR(seconds(site.core.estimate(ticket_id{200})->wait), alone / (1 - alone / 120), alone / 4);
}

TEST(Estimate, WhoCannotBeServedByTheSameAgentsDelaysNobody) {
    small_site site = site_with_agents(1);
    fill(site, 1, 1);
    for (std::uint64_t each = 11; each <= 15; ++each)
        site.add_ticket(each, plan_for("sales", {{{skill("nobody has it", 9)}, {}, false}}));
    site.add_ticket(16, plan_for("sales"));
    EXPECT_EQ(site.core.estimate(ticket_id{16})->position, 6U);
    EXPECT_NEAR(seconds(site.core.estimate(ticket_id{16})->wait), 60.0, 2.0);
}

TEST(Estimate, ThoseWhoLeaveTheLineShortenIt) {
    small_site site = site_with_agents(1);
    fill(site, 1, 1);
    // Many leave after ten seconds each: one departure in ten seconds per waiting ticket.
    for (std::uint64_t each = 2'000; each < 3'500; ++each) {
        site.add_ticket(each, plan_for("sales"));
        site.pass(duration{10'000});
        site.must(abandon{ticket_id{each}});
    }
    for (std::uint64_t each = 11; each <= 13; ++each) site.add_ticket(each, plan_for("sales"));
    const double work = 1.0 / 60;
    const double leave = 1.0 / 10;
    EXPECT_NEAR(seconds(site.core.estimate(ticket_id{13})->wait),
                1 / work + 1 / (work + leave) + 1 / (work + 2 * leave), 2.0);
}

TEST(Estimate, OfWhatIsHeldOrUnknownThereIsNone) {
    small_site site = site_with_agents(1);
    fill(site, 1, 1);
    EXPECT_FALSE(site.core.estimate(ticket_id{1}));
    EXPECT_FALSE(site.core.estimate(ticket_id{77}));
    EXPECT_FALSE(site.core.estimate(newcomer{"nowhere", {}, channel_kind::chat, 1}, site.now));
}

}  // namespace
}  // namespace kindred::dispatch::testing
