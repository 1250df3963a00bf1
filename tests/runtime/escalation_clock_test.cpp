#include "engine/routing/escalation_clock.hpp"
#include "engine/rules/given.hpp"

#include <gtest/gtest.h>

namespace kindred::routing {
namespace {

constexpr ticket_id first{1};
constexpr ticket_id second{2};
constexpr time_point now{std::chrono::hours{24}};

rules::ruleset rules_with(const std::string& escalations) {
    auto read = rules::load({{"queues.yaml", "queues: { general: {} }\n"},
                             {"routing.yaml", escalations + "fallback: { queue: general }\n"}});
    EXPECT_TRUE(read.rules) << settings::to_json(read.problems);
    return *read.rules;
}

rules::ruleset with_escalations() {
    return rules_with(
        "escalations:\n  - { name: late, when: { ticket.waiting: { at_least: 30s } }, then: { notify: [admins] } }\n");
}

TEST(EscalationClock, IsDueWhileTicketsHaveNotBeenSeen) {
    escalation_clock clock;
    clock.follow(with_escalations());
    EXPECT_FALSE(clock.next_due());
    clock.look_when_there_is_time(first);
    clock.look_when_there_is_time(second);
    EXPECT_FALSE(clock.take(now)) << "what happened to tickets comes first, and nothing did";
    ASSERT_TRUE(clock.next_due());
    EXPECT_LE(*clock.next_due(), now);
    EXPECT_TRUE(clock.take_unseen());
    EXPECT_TRUE(clock.next_due());
    EXPECT_TRUE(clock.take_unseen());
    EXPECT_FALSE(clock.take_unseen());
    EXPECT_FALSE(clock.next_due());
}

TEST(EscalationClock, ForgetsWhatOtherRulesHadNotSeen) {
    escalation_clock clock;
    clock.follow(with_escalations());
    clock.look_when_there_is_time(first);
    clock.follow(with_escalations());
    EXPECT_FALSE(clock.take_unseen());
    clock.follow(rules_with(""));
    clock.look_when_there_is_time(first);
    EXPECT_FALSE(clock.next_due()) << "nothing to look for";
}

TEST(EscalationClock, TakesEachTicketThatSomethingHappenedToOnceARound) {
    escalation_clock clock;
    clock.follow(with_escalations());
    clock.look_at(first);
    clock.look_at(first);
    EXPECT_EQ(clock.take(now), first);
    EXPECT_FALSE(clock.take(now));
    clock.set(second, now + std::chrono::seconds{5});
    EXPECT_EQ(clock.next_due(), now + std::chrono::seconds{5});
    EXPECT_FALSE(clock.take(now));
    EXPECT_EQ(clock.take(now + std::chrono::seconds{5}), second);
}

}  // namespace
}  // namespace kindred::routing
