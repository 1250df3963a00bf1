// What customers are told of their wait, beside what they then wait: the estimate of docs/dispatch.md in the simulated
// centre, over loads, patience, priorities, steps and agents who have several queues or kinds of work.
#include "tests/simulation/support/told_waits.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

namespace kindred::simulation {
namespace {

using namespace testing_support;

/// KINDRED_LONG=1 compares four times as many and prints the figures that docs/dispatch.md has.
bool long_run() { return std::getenv("KINDRED_LONG") != nullptr; }

struct bounds {
    double least = 0.9;  ///< of the mean wait / the mean that was told
    double most = 1.1;
    double high_most = 2.5;  ///< of the 90th percentile of wait / told
};

void expect_told(const std::string& name, scene of, const bounds& within = {}) {
    SCOPED_TRACE(name);
    if (long_run()) of.contacts *= 4;
    for (const auto& [group, found] : compare_told(of)) {
        if (long_run())
            std::printf("%-36s %-8s told %7.1f s, waited %7.1f s: %.2f; p10 %.2f, p90 %.2f\n", name.c_str(),
                        group.c_str(), found.mean_told, found.mean_waited, found.ratio(), found.quantile(0.1),
                        found.quantile(0.9));
        EXPECT_GT(found.count, 500U) << group;
        EXPECT_GT(found.ratio(), within.least) << group;
        EXPECT_LT(found.ratio(), within.most) << group;
        EXPECT_LT(found.quantile(0.9), within.high_most) << group;
    }
}

std::string percent(double load) { return std::to_string(static_cast<int>(load * 100 + 0.5)) + " %"; }

scene one_queue(int agents, const char* settings = "") {
    scene made;
    made.queues = std::string("queues: { general: { ") + settings + " } }\n";
    made.add_agents(agents, {"general"});
    return made;
}

TEST(ToldWaits, AreWhatIsWaited) {
    for (const int agents : {1, 5, 20, 100})
        for (const double load : {0.9, 0.95}) {
            auto of = one_queue(agents);
            of.add_calls("all", agents * load / 240, "general");
            expect_told(std::to_string(agents) + " agents at " + percent(load), of);
        }
    auto wraps_up = one_queue(10, "wrap_up: { phone: 60s }");
    wraps_up.add_calls("all", 10 * 0.9 / 300, "general");
    expect_told("10 agents who wrap up", wraps_up);
}

TEST(ToldWaits, AreWhatIsWaitedByWhoStaysWhereOthersLeave) {
    for (const int agents : {1, 20, 100})
        for (const double load : {1.0, 1.2}) {
            auto of = one_queue(agents);
            of.contacts *= 2;
            of.add_calls("all", agents * load / 240, "general").patience = 180;
            expect_told(std::to_string(agents) + " agents, many leave, " + percent(load), of);
        }
}

TEST(ToldWaits, CountThoseWhoWillOvertake) {
    for (const char* order : {"aged", "strict"})
        for (const double load : {0.8, 0.95}) {
            auto of = one_queue(10, order == std::string("strict") ? "order: strict" : "");
            of.contacts *= 1.5;
            const double rate = 10 * load / 240;
            of.add_calls("normal", rate * 0.7, "general");
            of.add_calls("high", rate * 0.2, "general").plan.head_start = std::chrono::minutes{10};
            of.add_calls("urgent", rate * 0.1, "general").plan.head_start = std::chrono::minutes{30};
            expect_told(std::string(order) + " priorities at " + percent(load), of, {0.88, 1.12, 2.6});
        }
}

TEST(ToldWaits, CountStepsToComeAndWhoCannotBeServedByAll) {
    const std::vector<dispatch::requirement> skilled{{dispatch::ability_kind::skill, "x", 3}};
    for (const double load : {0.8, 0.95}) {
        auto of = one_queue(8);
        of.add_agents(4, {"general"});
        for (std::size_t each = 8; each < 12; ++each) of.agents[each].who.abilities = {{skilled[0].kind, "x", 5}};
        of.add_calls("plain", 12 * load / 240 * 0.7, "general");
        auto& asks = of.add_calls("skilled", 12 * load / 240 * 0.3, "general");
        asks.plan.steps = {{skilled, duration{30'000}, false}, {}};
        expect_told("a step of 30 s, " + percent(load), of);
        of.calls.back().plan.steps = {{skilled, std::nullopt, false}};
        expect_told("a step without end, " + percent(load), of);
    }
}

TEST(ToldWaits, CountTheOtherQueuesOfItsAgents) {
    for (const double load : {0.8, 0.95}) {
        scene shared;
        shared.queues = "queues: { a: {}, b: {} }\n";
        shared.add_agents(10, {"a", "b"});
        shared.add_calls("a", 10 * load / 240 * 0.7, "a");
        shared.add_calls("b", 10 * load / 240 * 0.3, "b");
        expect_told("two queues of the same agents, " + percent(load), shared);
        shared.calls.back().handling = 480;
        shared.calls.back().rate /= 2;
        expect_told("likewise, b takes twice as long, " + percent(load), shared, {0.85, 1.1, 2.5});
        scene partly;
        partly.queues = shared.queues;
        partly.add_agents(6, {"a"});
        partly.add_agents(4, {"a", "b"});
        partly.add_calls("a", 10 * load / 240 * 0.7, "a");
        partly.add_calls("b", 10 * load / 240 * 0.3, "b");
        expect_told("b has some of a's agents, " + percent(load), partly);
    }
}

TEST(ToldWaits, CountTheChatsThatAnAgentHasAtOnce) {
    auto of = one_queue(0);
    of.add_agents(10, {"general"}, 10);
    auto& chats = of.add_calls("chat", 10 * 3 * 0.9 / 600, "general");
    chats.kind = channel_kind::chat;
    chats.cost = 3;
    chats.handling = 600;
    expect_told("three chats at once", of);
    // A call needs three chats to end with one agent, whom later chats keep busy: the weakest side of the formula.
    of.calls.back().rate *= 0.6;
    of.add_calls("phone", 10 * 0.8 / 240 * 0.4, "general").cost = 10;
    expect_told("chats and calls in one queue", of, {0.6, 1.35, 2.8});
}

}  // namespace
}  // namespace kindred::simulation
