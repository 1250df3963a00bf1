// What agents do with offers, what the rules do with those who wait: on simulated customers as in an engine.
#include "engine/simulation/simulate.hpp"
#include "engine/simulation/traffic_reader.hpp"

#include <gtest/gtest.h>

namespace kindred::simulation {
namespace {

constexpr const char* one_queue = "queues: { general: { offer: { expires: 20s, after_decline: 60s } } }\n";

rules::ruleset rules_with(const std::string& queues, const std::string& routing) {
    auto read =
        rules::load({{"queues.yaml", queues}, {"routing.yaml", routing}, {"skills.yaml", "skills: { x: {} }\n"}});
    for (const auto& each : read.problems)
        if (each.level == settings::severity::error) ADD_FAILURE() << settings::to_text(each);
    return *read.rules;
}

report simulated(const rules::ruleset& rules, const std::string& traffic_text) {
    settings::problems found;
    const auto read = read_traffic("t.yaml", traffic_text, rules, found);
    for (const auto& each : found.sorted()) ADD_FAILURE() << settings::to_text(each);
    return simulate(rules, *read, {});
}

std::string calls(double per_hour, const std::string& roster, const std::string& more = {}) {
    return "hours: 400\narrivals: [{ per_hour: " + std::to_string(per_hour) +
           ", channel: { name: helpline, kind: phone } }]\nhandling: { exponential: 4m }\nroster: [" + roster + "]\n" +
           more;
}

TEST(Conduct, ADeclinedOfferGoesToTheNextAndIsCounted) {
    const auto rules = rules_with(one_queue, "costs: { phone: 1 }\nfallback: { queue: general }\n");
    const auto willing = simulated(rules, calls(60, "{ agents: 6, queues: general }"));
    const auto picky = simulated(rules, calls(60, "{ agents: 6, queues: general, declines: 30% }"));
    const auto& before = willing.found.queues.at("general");
    const auto& after = picky.found.queues.at("general");
    EXPECT_EQ(before.declined, 0U);
    // Each contact is offered until somebody takes it: 0.3 / 0.7 declines for each.
    EXPECT_NEAR(static_cast<double>(after.declined) / static_cast<double>(after.arrived), 0.3 / 0.7, 0.02);
    EXPECT_EQ(after.missed, 0U);
    EXPECT_GT(after.mean_wait.mean, before.mean_wait.mean);
    EXPECT_NEAR(after.occupancy.mean, before.occupancy.mean, 0.01) << "the work is the same";
}

TEST(Conduct, AMissedOfferExpiresAndItsAgentIsAwayForAWhile) {
    const auto rules = rules_with(one_queue, "costs: { phone: 1 }\nfallback: { queue: general }\n");
    const auto told = simulated(rules, calls(6, "{ agents: 6, queues: general, misses: 10% }", "back_after: 5m\n"));
    const auto& found = told.found.queues.at("general");
    EXPECT_NEAR(static_cast<double>(found.missed) / static_cast<double>(found.arrived), 0.1 / 0.9, 0.02);
    // Hardly anybody would wait otherwise: who does waits for an offer to expire, 20 s.
    EXPECT_NEAR(found.waited_share.mean, 0.1, 0.02);
    EXPECT_NEAR(found.mean_wait.mean / found.waited_share.mean, 22'000, 2'500);
    // Away, five minutes for each missed offer: that much less is there of six agents.
    const auto fewer = simulated(rules, calls(6, "{ agents: 6, queues: general }")).found.queues.at("general");
    const double missed_an_hour = 6 * 0.1 / 0.9;
    EXPECT_NEAR(fewer.occupancy.mean / found.occupancy.mean, 1 - missed_an_hour * 5 / 60 / 6, 0.01);
}

TEST(Conduct, WhoMissedAnOfferComesBackWhenTheRulesSaySo) {
    const auto rules =
        rules_with(one_queue, "costs: { phone: 1 }\nnot_responding_for: 10s\nfallback: { queue: general }\n");
    const auto told = simulated(rules, calls(8, "{ agents: 1, queues: general, misses: 20% }", "back_after: 24h\n"));
    EXPECT_GT(told.found.queues.at("general").missed, 500U);
    EXPECT_FALSE(told.found.grows);
    EXPECT_LT(told.found.queues.at("general").unserved, 50U);
}

TEST(Conduct, AStepGivesWayToTheNext) {
    const char* routing = "costs: { phone: 1 }\nfallback: { queue: general, steps: [{ require: { x: 5 }%s }, {}] }\n";
    char text[200];
    std::snprintf(text, sizeof text, routing, ", for: 30s");
    const std::string roster = "{ agents: 1, queues: general, skills: { x: 7 } }, { agents: 5, queues: general }";
    const auto found = simulated(rules_with(one_queue, text), calls(60, roster)).found.queues.at("general");
    // One agent alone would be busy four times over. Who is not served by that one at once is by others after 30 s.
    EXPECT_GT(found.waited_share.mean, 0.6);
    EXPECT_NEAR(found.p50, 30'000, 1'000);
}

TEST(Conduct, AnEscalationLendsAgentsRaisesPriorityAndIsCounted) {
    const std::string queues = "queues: { general: {}, spare: {} }\n";
    const std::string base = "costs: { phone: 1 }\nfallback: { queue: general }\n";
    const std::string roster = "{ agents: 4, queues: general }, { agents: 3, queues: spare }";
    const auto without = simulated(rules_with(queues, base), calls(57, roster));
    const auto with = simulated(rules_with(queues, base + "escalations:\n"
                                                          "  - name: long wait\n"
                                                          "    when: { ticket.waiting: { at_least: 2m } }\n"
                                                          "    then: { also_offer: spare }\n"
                                                          "  - name: never\n"
                                                          "    when: { ticket.transfers: { at_least: 1 } }\n"
                                                          "    then: { priority: high }\n"),
                                calls(57, roster));
    const auto& helped = with.found.queues.at("general");
    EXPECT_TRUE(without.found.escalated.empty());
    EXPECT_GT(with.found.escalated.at("long wait"), 1'000U);
    EXPECT_EQ(with.found.escalated.at("never"), 0U);
    EXPECT_GT(without.found.queues.at("general").p95, 600'000);
    EXPECT_LT(helped.p95, 200'000) << "three more agents after two minutes";
    // It is carried out exactly when two minutes have passed, and while spare agents are there they take it at once.
    std::uint64_t just_then = 0;
    for (const auto& bar : helped.waits.bars())
        if (bar.from <= 120'000 && bar.to > 120'000) just_then += bar.count;
    EXPECT_GT(just_then, with.found.escalated.at("long wait") / 2);
}

TEST(Conduct, AnEscalationByTheFirstResponseIsNotForWhoWasAnswered) {
    const std::string routing =
        "costs: { phone: 1 }\nfallback: { queue: general, first_response: 1m }\n"
        "escalations: [{ name: target, when: { ticket.target_left: { at_most: 0s } }, then: { priority: high } }]\n";
    const auto rules = rules_with("queues: { general: {} }\n", routing);
    const auto idle = simulated(rules, calls(10, "{ agents: 10, queues: general }"));
    EXPECT_EQ(idle.found.escalated.at("target"), 0U) << "everybody is answered at once";
    const auto busy = simulated(rules, calls(10, "{ agents: 1, queues: general }"));
    const auto& found = busy.found.queues.at("general");
    std::uint64_t longer = 0;
    for (const auto& bar : found.waits.bars())
        if (bar.from > 60'000) longer += bar.count;
    EXPECT_NEAR(static_cast<double>(busy.found.escalated.at("target")), static_cast<double>(longer),
                static_cast<double>(longer) / 50);
}

}  // namespace
}  // namespace kindred::simulation
