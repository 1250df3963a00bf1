#include "engine/insight/group_flows.hpp"

#include <gtest/gtest.h>

#include <random>

namespace kindred::insight {
namespace {

constexpr duration day = std::chrono::days{1};
time_point at(int days) { return time_point{} + days * day; }

void decide(group_flows& flows, std::uint32_t whose, std::string_view group, time_point when) {
    flows.decided(whose, flows.number_of(group), when);
}

void move(group_flows& flows, std::uint32_t whose, std::string_view from, std::string_view to, time_point when) {
    flows.moved(whose, flows.number_of(from), flows.number_of(to), when);
}

TEST(group_flows, CountMovesOfThePeriodAndHowLongTheStayHadBeen) {
    group_flows flows(at(10), at(20));
    for (std::uint32_t id = 1; id <= 3; ++id) decide(flows, id, "considering", at(static_cast<int>(id)));
    decide(flows, 4, "considering", at(1));
    decide(flows, 4, "onboarding", at(9));  // before the period
    decide(flows, 1, "considering", at(11));
    decide(flows, 1, "onboarding", at(12));   // after 11 days
    decide(flows, 2, "onboarding", at(15));   // after 13
    decide(flows, 4, "considering", at(16));  // after 7
    decide(flows, 3, "onboarding", at(20));   // behind the period
    const std::vector<group_flow> expected{{"considering", "onboarding", 2, 12 * day},
                                           {"onboarding", "considering", 1, 7 * day}};
    EXPECT_EQ(flows.finish(), expected);
}

// What moved somebody between two decisions counts at its own time, once.
TEST(group_flows, CountMovesThatNoDecisionWasMadeFor) {
    group_flows flows(at(10), at(20));
    decide(flows, 1, "considering", at(2));
    move(flows, 1, "considering", "onboarding", at(12));  // after 10 days
    decide(flows, 1, "onboarding", at(13));
    move(flows, 2, "considering", "onboarding", at(14));  // never seen before: who knows since when
    decide(flows, 2, "established", at(18));              // after 4
    decide(flows, 3, "considering", at(1));
    move(flows, 3, "onboarding", "established", at(15));  // time had moved them before: likewise
    move(flows, 4, "considering", "onboarding", at(9));
    move(flows, 4, "onboarding", "considering", at(20));
    const std::vector<group_flow> expected{{"considering", "onboarding", 2, 10 * day},
                                           {"onboarding", "established", 2, 4 * day}};
    EXPECT_EQ(flows.finish(), expected);
}

TEST(group_flows, WhoComesAndWhoStaysHaveNotMoved) {
    group_flows flows(at(0), at(100));
    for (int day_of = 1; day_of < 50; ++day_of) decide(flows, 1, "regular", at(day_of));
    EXPECT_TRUE(flows.finish().empty());
}

/// Whoever moved in came from somewhere: for each group, arrivals less departures is how the number there changed.
TEST(group_flows, LoseAndInventNobody) {
    std::mt19937 chance(9);
    const std::vector<std::string> groups{"a", "b", "c", "d"};
    for (int history = 0; history < 200; ++history) {
        group_flows flows(at(0), at(1'000));
        std::map<std::uint32_t, std::string> stands;
        std::map<std::string, int> first;
        for (int step = 0; step < 300; ++step) {
            const auto id = static_cast<std::uint32_t>(1 + chance() % 20);
            const auto& group = groups[chance() % groups.size()];
            if (!stands.contains(id)) ++first[group];
            stands[id] = group;
            decide(flows, id, group, at(step));
        }
        auto counts = first;
        for (const auto& each : flows.finish()) {
            counts[each.from] -= static_cast<int>(each.moved);
            counts[each.to] += static_cast<int>(each.moved);
        }
        for (const auto& [id, group] : stands) --counts[group];
        for (const auto& [group, left] : counts) EXPECT_EQ(left, 0) << group;
    }
}

}  // namespace
}  // namespace kindred::insight
