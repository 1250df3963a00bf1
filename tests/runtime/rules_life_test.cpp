#include "engine/runtime/rules/rules_switch.hpp"
#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>

// Rules that change under a running site, and facts that change under waiting tickets.
namespace kindred::runtime {
namespace {

using namespace std::chrono_literals;

constexpr const char* profile =
    "customer: { orders: { type: integer, default: 0 } }\n"
    "contact: { topic: { type: text } }\n"
    "events: { order_placed: { add: { orders: 1 } } }\n";
constexpr const char* segments =
    "segments:\n  value:\n    groups:\n"
    "      - { name: regular, when: { customer.orders: { at_least: 1 } } }\n"
    "      - { name: newcomer }\n";

rules::ruleset rules_with(const std::string& routing,
                          const std::string& queues = "queues: { general: {}, regulars: {}, narrow: { limit: 1 } }\n") {
    auto read = rules::load(
        {{"profile.yaml", profile}, {"queues.yaml", queues}, {"routing.yaml", routing}, {"segments.yaml", segments}});
    if (!read.rules) throw std::runtime_error(settings::to_json(read.problems));
    return *read.rules;
}

const char* const by_segment =
    "routes:\n  - { name: regulars, when: { segment.value: regular }, queue: regulars }\n"
    "fallback: { queue: general }\n";

class rules_life : public testing::Test {
protected:
    result<std::string> change(rules_change wanted) { return run_.answer_to(std::move(wanted)); }
    result<std::string> activate(const rules::ruleset& rules, const std::string& from = {}) {
        return change({rules, "ann", {}, "activate", from, {}, false, {}});
    }
    result<std::string> tell(customer_change wanted) {
        wanted.source = "crm";
        return run_.answer_to(std::move(wanted));
    }
    result<std::string> place_order(customer_id who) {
        customer_change wanted;
        wanted.customer = who;
        wanted.what = profile::event{"order_placed"};
        return tell(std::move(wanted));
    }
    result<std::string> pin_to(customer_id who, const char* value) {
        customer_change wanted;
        wanted.customer = who;
        wanted.what = profile::place_pin{pin{"value", value, {}, {}, {}, std::nullopt}};
        return tell(std::move(wanted));
    }
    store::ticket_row row(ticket_id ticket) { return run_.durable().ticket(ticket).value(); }
    std::size_t decisions(ticket_id ticket) {
        const auto kinds = run_.kinds_of(ticket);
        return static_cast<std::size_t>(std::count(kinds.begin(), kinds.end(), "decision"));
    }

    site_run run_;
};

TEST_F(rules_life, RulesMadeFromOthersThanThoseInForceAreRefused) {
    const auto before = run_.site().rules().hash();
    const auto refused = activate(rules_with(by_segment), "something else");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::conflict);
    EXPECT_EQ(run_.site().rules().hash(), before);
    const auto taken = activate(rules_with(by_segment), before);
    ASSERT_TRUE(taken);
    EXPECT_EQ(run_.site().rules().hash(), *taken);
    EXPECT_EQ(run_.durable().rulesets().value().size(), 2U) << "every version is kept";
    const auto board = run_.board(board_question::about::rules).value();
    const auto said = json::document::parse(board).value();
    EXPECT_EQ(said["activations"].at(0)["author"].text(), "ann");
    EXPECT_EQ(said["activations"].at(1)["how"].text(), "start");
}

TEST_F(rules_life, TicketsOfAQueueThatIsGoneGoToTheFallbackAndKeepTheirPlaceInTime) {
    const auto waits = run_.contact(message_of("v1", "m1"), "narrow").ticket;
    const auto since = row(waits).created_at;
    run_.advance(5s);
    ASSERT_TRUE(activate(rules_with("fallback: { queue: general }\n", "queues: { general: {} }\n")));
    EXPECT_EQ(row(waits).queue, "general");
    const auto desk = run_.open_desk(site_run::ann);
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
    EXPECT_EQ(frames_of(*desk, "offer").size(), 1U);
    EXPECT_EQ(parse_time(frames_of(*desk, "offer")[0]["offer"]["ticket"]["waiting_since"].text()), since);
    const auto kinds = run_.kinds_of(waits);
    EXPECT_EQ(std::count(kinds.begin(), kinds.end(), "queue_gone"), 1);
}

TEST_F(rules_life, AFactThatChangesMovesWhatWaitsInTheSameStep) {
    ASSERT_TRUE(activate(rules_with(by_segment)));
    const auto ticket = run_.contact(message_of("v1", "m1")).ticket;
    EXPECT_EQ(row(ticket).queue, "general");
    ASSERT_TRUE(place_order(row(ticket).customer));
    EXPECT_EQ(row(ticket).queue, "regulars");
    EXPECT_EQ(decisions(ticket), 2U);
    ASSERT_TRUE(place_order(row(ticket).customer));
    EXPECT_EQ(decisions(ticket), 2U) << "one order more says nothing else";
}

TEST_F(rules_life, RulesThatChangeMoveNobodyAndFactsDecideByTheNewOnesOnlyWhereTheyMatter) {
    const auto ticket = run_.contact(message_of("v1", "m1")).ticket;
    ASSERT_TRUE(activate(rules_with("fallback: { queue: narrow }\n")));
    EXPECT_EQ(row(ticket).queue, "general");
    ASSERT_TRUE(place_order(row(ticket).customer));
    EXPECT_EQ(row(ticket).queue, "general") << "the new rules say narrow whatever was ordered";
}

TEST_F(rules_life, WhatACustomerAddsCountsBesideWhatWasSaidBefore) {
    ASSERT_TRUE(
        activate(rules_with("routes:\n"
                            "  - { name: danger, when: { contact.text: { contains: smoke } }, queue: regulars }\n"
                            "  - { name: lamps, when: { contact.text: { contains: lamp } }, queue: narrow }\n"
                            "fallback: { queue: general }\n")));
    const auto ticket = run_.contact(message_of("v1", "m1", "my lamp is broken")).ticket;
    EXPECT_EQ(row(ticket).queue, "narrow");
    EXPECT_EQ(run_.contact(message_of("v1", "m2", "hello?")).ticket, ticket);
    EXPECT_EQ(row(ticket).queue, "narrow");
    EXPECT_EQ(decisions(ticket), 1U);
    EXPECT_EQ(run_.contact(message_of("v1", "m3", "now there is smoke")).ticket, ticket);
    EXPECT_EQ(row(ticket).queue, "regulars");
    EXPECT_EQ(run_.contact(message_of("v1", "m4", "a lamp, I said")).ticket, ticket);
    EXPECT_EQ(row(ticket).queue, "regulars");
    EXPECT_EQ(decisions(ticket), 2U);
}

TEST_F(rules_life, ThreeTimesIsEnough) {
    ASSERT_TRUE(activate(rules_with(by_segment)));
    const auto ticket = run_.contact(message_of("v1", "m1")).ticket;
    std::vector<std::string> queues;
    for (const char* value : {"regular", "newcomer", "regular", "newcomer"}) {
        ASSERT_TRUE(pin_to(row(ticket).customer, value));
        queues.push_back(row(ticket).queue);
    }
    EXPECT_EQ(queues, (std::vector<std::string>{"regulars", "general", "regulars", "regulars"}));
    EXPECT_EQ(pin_to(row(ticket).customer, "vip").error().code, errc::not_found);
}

TEST_F(rules_life, WhatAnAgentHoldsIsNotDecidedAgain) {
    ASSERT_TRUE(activate(rules_with(by_segment)));
    const auto desk = run_.open_desk(site_run::ann);
    ASSERT_TRUE(run_.set_presence(site_run::ann, dispatch::presence::available));
    const auto ticket = run_.contact(message_of("v1", "m1")).ticket;
    ASSERT_TRUE(run_.answer(site_run::ann, offer_on(*desk), true));
    ASSERT_TRUE(place_order(row(ticket).customer));
    EXPECT_EQ(row(ticket).queue, "general");
    EXPECT_EQ(decisions(ticket), 1U);
}

TEST_F(rules_life, EscalationsHappenWhenTheyAreDueAndOnce) {
    ASSERT_TRUE(
        activate(rules_with("fallback: { queue: general }\n"
                            "escalations:\n"
                            "  - { name: waits, when: { ticket.waiting: { at_least: 30s } },"
                            " then: { priority: high, also_offer: regulars } }\n"
                            "  - { name: low no more, when: { ticket.waiting: { above: 30s } },"
                            " then: { priority: low } }\n")));
    const auto ticket = run_.contact(message_of("v1", "m1")).ticket;
    const auto escalated = [&] {
        std::vector<std::string> names;
        for (const auto& each : run_.durable().entries(ticket, 0, 1000).value())
            if (each.kind == "escalated")
                names.emplace_back(json::document::parse(each.json).value()["escalation"].text());
        return names;
    };
    run_.advance(29'999ms);
    EXPECT_EQ(escalated(), std::vector<std::string>{});
    run_.advance(1ms);
    EXPECT_EQ(escalated(), std::vector<std::string>{"waits"});
    run_.advance(1ms);
    EXPECT_EQ(escalated(), (std::vector<std::string>{"waits", "low no more"}));
    run_.advance(10min);
    EXPECT_EQ(escalated().size(), 2U);
    std::string_view bytes;
    const auto stored = row(ticket);
    const auto kept = unpack(stored, bytes).value();
    EXPECT_EQ(json::document::parse(kept.decision).value()["priority"].text(), "high") << "never downwards";
}

TEST_F(rules_life, AShadowIsAskedAndNotActedOnACanaryActsForItsShare) {
    const char* const queues = "queues: { general: {}, narrow: {} }\n";
    ASSERT_TRUE(activate(rules_with("fallback: { queue: general }\n", queues)));
    const auto trial = rules_with("fallback: { queue: narrow }\n", queues);
    const auto begin = [&](rollout_mode mode, double percent) {
        return change({trial, "ann", {}, "activate", {}, {}, false, rollout_wish{mode, percent}});
    };
    EXPECT_EQ(change({rules_with(by_segment), "ann", {}, "activate", {}, {}, false, rollout_wish{}}).error().code,
              errc::invalid)
        << "there is no queue for regulars";
    ASSERT_TRUE(begin(rollout_mode::shadow, 100));
    const auto shadowed = run_.contact(message_of("v1", "m1")).ticket;
    EXPECT_EQ(row(shadowed).queue, "general");
    const auto decision = run_.durable().entries(shadowed, 0, 10).value().at(1);
    EXPECT_EQ(json::document::parse(decision.json).value()["shadow"]["queue"].text(), "narrow");

    ASSERT_TRUE(begin(rollout_mode::canary, 50));
    std::size_t on_trial = 0;
    for (int visitor = 0; visitor < 40; ++visitor) {
        const auto name = "c" + std::to_string(visitor);
        const auto first = run_.contact(message_of(name, "m" + name)).ticket;
        if (row(first).queue == "narrow") ++on_trial;
    }
    EXPECT_GT(on_trial, 5U);
    EXPECT_LT(on_trial, 35U);
    ASSERT_TRUE(begin(rollout_mode::off, 100));
    EXPECT_EQ(begin(rollout_mode::off, 100).error().code, errc::conflict);
}

}  // namespace
}  // namespace kindred::runtime
