#include "engine/rules/decider.hpp"
#include "engine/rules/explanation.hpp"
#include "rules/support/rulesets.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kindred::rules {
namespace {

using testing_support::compiled;
using testing_support::example_files;
using testing_support::example_with;

/// A contact of a customer at a time, to be varied by each test.
struct situation {
    contact about;
    customer who;
    time_point now = *parse_time("2026-11-23T10:00:00-06:00");
    empty_board board;
    share_overrides shares;

    decision_input input() const { return {about, who, now, board, &shares}; }
    void give(const char* attribute_name, fact_value value) {
        who.declared[attribute_name] = {std::move(value), "crm", now - std::chrono::hours{48}};
        who.known = true;
    }
};

situation vip_call() {
    situation made;
    made.about.kind = channel_kind::phone;
    made.about.channel_name = "helpline";
    made.about.received_at = made.now;
    made.give("lifetime_value", 9000.0);
    made.give("orders", std::int64_t{12});
    return made;
}

const ruleset& example() {
    static const ruleset rules = compiled(example_files());
    return rules;
}

TEST(Decide, AVipWhoCallsGoesToTheConcierge) {
    const auto given = vip_call();
    const auto made = example().decide(given.input());
    EXPECT_EQ(made.route, "vip calls");
    EXPECT_EQ(made.queue, "concierge");
    EXPECT_EQ(made.priority, "urgent");
    EXPECT_EQ(made.head_start, std::chrono::minutes{30});
    EXPECT_EQ(made.first_response, std::chrono::seconds{20});
    EXPECT_EQ(made.segment_of("value"), "vip");
    EXPECT_EQ(made.stage, "expanding");
    EXPECT_EQ(made.script, (chosen_text{"vip-greeting", "en"}));
    EXPECT_EQ(made.ruleset, example().hash());
    ASSERT_EQ(made.steps.size(), 3U);
    EXPECT_EQ(made.steps[0].skills, (std::vector<skill_requirement>{{"concierge", 7}}));
    EXPECT_TRUE(made.steps[0].skip_if_nobody);
    EXPECT_EQ(made.steps[1].lasts, std::chrono::seconds{60});
    EXPECT_EQ(made.steps[2], step{});
}

TEST(Decide, TheLanguageIsAskedForWhereItIsKnown) {
    auto given = vip_call();
    auto made = example().decide(given.input());
    EXPECT_FALSE(made.steps[0].language);
    EXPECT_EQ(made.notes.size(), 1U) << "the decision says that the requirement fell away";
    given.about.language = "es";
    made = example().decide(given.input());
    EXPECT_EQ(made.steps[0].language, (language_requirement{"es", 1}));
    EXPECT_TRUE(made.notes.empty());
    given.about.language = "es-MX";
    EXPECT_EQ(example().decide(given.input()).steps[0].language->language, "es");
}

TEST(Decide, NobodyFallsThrough) {
    const situation stranger;
    const auto made = example().decide(stranger.input());
    EXPECT_EQ(made.route, "fallback");
    EXPECT_EQ(made.queue, "general");
    EXPECT_EQ(made.priority, "normal");
    EXPECT_EQ(made.steps, std::vector<step>{step{}});
}

TEST(Decide, PinsWinUntilTheyEnd) {
    auto given = vip_call();
    given.who.pins = {{"value", "newcomer", "ann", "", given.now - duration{2}, std::nullopt},
                      {"stage", "considering", "ann", "", given.now, given.now + duration{1}}};
    auto made = example().decide(given.input());
    EXPECT_EQ(made.segments[0], (chosen_segment{"value", "newcomer", true}));
    EXPECT_EQ(made.stage, "considering");
    EXPECT_TRUE(made.stage_pinned);
    EXPECT_EQ(made.route, "fallback") << "routes go by the pinned segment";
    given.now += duration{1};
    made = example().decide(given.input());
    EXPECT_EQ(made.stage, "expanding") << "the pin has ended";
    given.who.pins = {{"value", "no such segment", "ann", "", given.now, std::nullopt}};
    EXPECT_EQ(example().decide(given.input()).segment_of("value"), "vip");
}

// Python: int.from_bytes(sha256(b"pilot\0" + b"42").digest()[:4], "big") % 10000 is 8199, and for "43" 9115.
TEST(Share, FollowsTheHashOfTheCustomer) {
    EXPECT_FALSE(hash_is_in_share("pilot", customer_id{42}, 81.99));
    EXPECT_TRUE(hash_is_in_share("pilot", customer_id{42}, 82.00));
    EXPECT_FALSE(hash_is_in_share("pilot", customer_id{43}, 91.15));
    EXPECT_TRUE(hash_is_in_share("pilot", customer_id{43}, 91.16));
    EXPECT_TRUE(hash_is_in_share("trial of the new onboarding desk", customer_id{1}, 100));
    EXPECT_FALSE(hash_is_in_share("trial of the new onboarding desk", customer_id{1}, 0));
    std::size_t in = 0;
    for (std::uint64_t id = 1; id <= 10'000; ++id)
        in += hash_is_in_share("trial of the new onboarding desk", customer_id{id}, 20) ? 1U : 0U;
    EXPECT_NEAR(static_cast<double>(in), 2000.0, 150.0);
}

TEST(Share, OverridesComeFirst) {
    situation given;
    given.give("orders", std::int64_t{1});
    given.shares["trial of the new onboarding desk"] = true;
    EXPECT_EQ(example().decide(given.input()).queue, "onboarding-pilot");
    given.shares["trial of the new onboarding desk"] = false;
    EXPECT_EQ(example().decide(given.input()).queue, "general");
}

TEST(Facts, SayWhatTheDecisionRestedOn) {
    const auto given = vip_call();
    const auto facts = json::document::parse(example().decide(given.input()).facts);
    ASSERT_TRUE(facts);
    EXPECT_EQ((*facts)["customer.lifetime_value"].to_text(), R"({"value":9000,"source":"crm","age":"2d"})");
    EXPECT_EQ((*facts)["channel.kind"].to_text(), R"({"value":"phone","source":"contact","age":"0s"})");
    EXPECT_FALSE((*facts)["contact.intent"].exists()) << "was not asked for";
}

TEST(Facts, HaveNoAgeWhereTheyAreADefault) {
    situation given;
    given.who.declared = example().customer_defaults();  // as a customer has them who was stored with them
    const auto facts = json::document::parse(example().decide(given.input()).facts);
    ASSERT_TRUE(facts);
    EXPECT_EQ((*facts)["customer.orders"].to_text(), R"({"value":0,"source":"default"})");
}

TEST(Facts, AreAtMostFourKibibytes) {
    std::string profile =
        "customer:\n  orders: { type: integer, default: 0 }\n  lifetime_value: { type: number }\n"
        "  first_order_at: { type: time }\n";
    std::string routing = "routes:\n  - name: all\n    queue: general\n    when:\n      any:\n";
    situation given;
    for (int i = 0; i < 60; ++i) {
        const auto name = "attribute_" + std::to_string(i);
        profile += "  " + name + ": { type: text }\n";
        routing += "        - customer." + name + ": never\n";
        given.give(name.c_str(), std::string(300, 'x'));
    }
    const auto rules = compiled(example_with({{"profile.yaml", profile},
                                              {"routing.yaml", routing + "fallback: { queue: general }\n"},
                                              {"tests/vip.yaml", ""},
                                              {"segments.yaml", ""},
                                              {"stages.yaml", ""},
                                              {"scripts/a.md", ""},
                                              {"scripts/vip.md", ""}}));
    const auto made = rules.decide(given.input());
    EXPECT_LE(made.facts.size(), 4096U);
    const auto facts = json::document::parse(made.facts);
    ASSERT_TRUE(facts);
    EXPECT_GT((*facts)["_left_out"].integer().value_or(0), 0);
}

TEST(Conditions, OnQueuesAndCalendarsAreReadAtTheDecision) {
    const auto rules = compiled(example_with({{"routing.yaml", R"(
routes:
  - name: crowded
    when: { queue.sales.waiting: { above: 5 }, calendar.office: open }
    queue: general
    priority: low
  - name: night
    when: { calendar.office: [closed, holiday], time.weekday: mon, time.hour: { at_least: 20 } }
    queue: sales
fallback: { queue: concierge }
)"},
                                              {"tests/vip.yaml", ""}}));
    situation given;
    const fixed_board crowded({{"sales", {6, 0, {}, {}}}});
    EXPECT_EQ(rules.decide({given.about, given.who, given.now, crowded}).route, "crowded");
    EXPECT_EQ(rules.decide(given.input()).route, "fallback");
    given.now = *parse_time("2026-11-23T21:00:00-06:00");
    EXPECT_EQ(rules.decide({given.about, given.who, given.now, crowded}).route, "night");
}

TEST(Explain, ShowsTheFirstConditionThatFailedWithTheActualValue) {
    situation given;
    given.give("orders", std::int64_t{1});
    given.shares["trial of the new onboarding desk"] = false;
    const auto why = explain(example(), given.input());
    ASSERT_EQ(why.routes.size(), 4U);
    EXPECT_EQ(why.routes[0].failed, "channel.kind: phone");
    EXPECT_EQ(why.routes[0].actual, "\"api\"");
    EXPECT_EQ(why.routes[1].failed, "stage: considering");
    EXPECT_EQ(why.routes[1].actual, "\"onboarding\"");
    EXPECT_EQ(why.routes[2].note, "holds, but the customer is outside the share of 20%");
    EXPECT_TRUE(why.routes[3].held);
    EXPECT_EQ(why.segments[0].chosen, "regular");
    EXPECT_EQ(why.segments[0].tried[0].failed, "customer.lifetime_value: { at_least: 5000 }");
    EXPECT_EQ(why.segments[0].tried[0].at, (settings::position{5, 35}));
    EXPECT_EQ(why.segments[0].tried[1].held_by, "customer.orders: { at_least: 1 }");
    EXPECT_EQ(why.stage.tried.back().held_by, "customer.orders: { at_least: 1 }");
    EXPECT_NE(to_text(why).find("  customer.lifetime_value = 0  (default)\n"), std::string::npos) << to_text(why);
    EXPECT_TRUE(json::document::parse(to_json(why)));
    EXPECT_NE(to_text(why).find("- vip calls: channel.kind: phone; channel.kind is \"api\""), std::string::npos);
}

situation random_situation() {
    situation made;
    made.about.kind =
        *rc::gen::elementOf(std::vector<channel_kind>(all_channel_kinds.begin(), all_channel_kinds.end()));
    made.about.text = *rc::gen::element<std::string>("", "hello", "an agent please", "CALL me");
    made.about.intent = *rc::gen::element<std::string>("", "talk_to_sales", "returns");
    made.about.language = *rc::gen::element<std::string>("", "en", "es", "fr");
    made.who.id.value = *rc::gen::inRange<std::uint64_t>(1, 1000);
    if (*rc::gen::arbitrary<bool>()) made.give("orders", *rc::gen::inRange<std::int64_t>(0, 15));
    if (*rc::gen::arbitrary<bool>()) made.give("lifetime_value", static_cast<double>(*rc::gen::inRange(0, 10000)));
    if (*rc::gen::arbitrary<bool>())
        made.give("first_order_at", made.now - std::chrono::hours{24} * *rc::gen::inRange(-5, 90));
    if (*rc::gen::inRange(0, 5) == 0)
        made.who.pins.push_back(
            {"value", *rc::gen::element<std::string>("vip", "regular", "x"), "ann", "", made.now, {}});
    return made;
}

RC_GTEST_PROP(Explain, DecidesWhatDecideDecides, ()) {
    const auto given = random_situation();
    auto explained = explain(example(), given.input()).made;
    auto decided = example().decide(given.input());
    // Explaining looks at more routes and texts, and so reads more facts.
    explained.facts = decided.facts = "{}";
    RC_ASSERT(to_json(explained) == to_json(decided));
}

RC_GTEST_PROP(Decide, TheSameFactsGiveTheSameDecision, ()) {
    const auto given = random_situation();
    const auto again = compiled(example_files());
    RC_ASSERT(to_json(example().decide(given.input())) == to_json(again.decide(given.input())));
}

}  // namespace
}  // namespace kindred::rules
