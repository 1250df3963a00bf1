#include "engine/runtime/rules/waiting_simulation.hpp"

#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

using namespace std::chrono_literals;

std::vector<dispatch::upsert_agent> agents(std::size_t count) {
    std::vector<dispatch::upsert_agent> made;
    for (std::uint64_t id = 1; id <= count; ++id)
        made.push_back({agent_id{id}, {{"general", 0}, {"narrow", 0}}, {}, {}, 1});
    return made;
}

std::vector<simulated_arrival> arrivals(std::size_t count, duration apart, duration handling,
                                        const char* queue = "general") {
    std::vector<simulated_arrival> made;
    for (std::size_t i = 0; i < count; ++i) {
        simulated_arrival each;
        each.at = test_start + apart * static_cast<std::int64_t>(i);
        each.kind = channel_kind::chat;
        each.plan.queue = queue;
        each.handling = handling;
        made.push_back(each);
    }
    return made;
}

rules::ruleset one_at_a_time() {
    auto read = rules::load({{"queues.yaml", "queues: { general: {}, narrow: { limit: 1 } }\n"},
                             {"routing.yaml", "costs: { chat: 1 }\nfallback: { queue: general }\n"}});
    return *read.rules;
}

TEST(WaitingSimulation, NobodyWaitsWhereThereIsAlwaysSomebody) {
    const auto waits = simulate_waiting(one_at_a_time(), agents(2), arrivals(50, 60s, 110s)).at("general");
    EXPECT_EQ(waits.arrived, 50U);
    EXPECT_EQ(waits.longest, 0ms);
}

TEST(WaitingSimulation, ALineGrowsByWhatOneAgentIsTooSlow) {
    // Every minute somebody comes, each takes 90 s: the nth waits n times 30 s.
    const auto waits = simulate_waiting(one_at_a_time(), agents(1), arrivals(11, 60s, 90s)).at("general");
    EXPECT_EQ(waits.mean, 150s);
    EXPECT_EQ(waits.p50, 150s);
    EXPECT_EQ(waits.longest, 300s);
    EXPECT_EQ(waits.unserved, 0U);
}

TEST(WaitingSimulation, SaysWhoIsTurnedAwayAndWhoIsNeverServed) {
    const auto full = simulate_waiting(one_at_a_time(), agents(1), arrivals(3, 1s, 60s, "narrow")).at("narrow");
    EXPECT_EQ(full.arrived, 3U);
    EXPECT_EQ(full.refused, 1U);
    const auto alone = simulate_waiting(one_at_a_time(), {}, arrivals(2, 1h, 60s)).at("general");
    EXPECT_EQ(alone.unserved, 2U);
    EXPECT_EQ(alone.longest, 25h);
}

TEST(WaitingSimulation, GivesTheSameFiguresEveryTime) {
    const auto once = simulate_waiting(one_at_a_time(), agents(3), arrivals(500, 17s, 53s));
    EXPECT_EQ(once, simulate_waiting(one_at_a_time(), agents(3), arrivals(500, 17s, 53s)));
}

}  // namespace
}  // namespace kindred::runtime
