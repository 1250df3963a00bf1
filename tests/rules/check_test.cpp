#include "engine/rules/lint.hpp"
#include "engine/rules/rule_test.hpp"
#include "rules/support/rulesets.hpp"

#include <gtest/gtest.h>

namespace kindred::rules {
namespace {

using testing_support::compiled;
using testing_support::example_files;
using testing_support::example_with;

std::string lint_text(const rule_files& files, const std::vector<roster_agent>* roster = nullptr) {
    std::string all;
    for (const auto& each : lint(compiled(files), roster))
        if (!each.message.starts_with("no script for") && !each.message.starts_with("no article for"))
            all += settings::to_text(each) + '\n';
    return all;
}

TEST(Lint, TheExampleHasOnlyGapsInItsScripts) { EXPECT_EQ(lint_text(example_files()), ""); }

TEST(Lint, RoutesThatEarlierOnesCover) {
    EXPECT_EQ(lint_text(example_with({{"tests/vip.yaml", ""}, {"routing.yaml", R"(routes:
  - name: shared
    when: { channel.kind: phone }
    share: 50%
    queue: sales
  - name: calls
    when: { channel.kind: [phone, chat] }
    queue: sales
  - name: vip calls
    when: { channel.kind: phone, segment.value: vip }
    queue: concierge
  - name: impossible
    when: { customer.orders: { above: 5, below: 3 } }
    queue: general
  - name: everything
    queue: general
fallback: { queue: general }
)"}})),
              "routing.yaml:9:11: warning: route \"vip calls\" can never be reached: \"calls\" (line 6) takes "
              "everything that "
              "it would\n"
              "routing.yaml:13:13: warning: can never hold together with customer.orders: { above: 5 } (line 13)\n"
              "routing.yaml:17:11: warning: route \"fallback\" can never be reached: \"everything\" (line 15) takes "
              "everything "
              "that it would\n");
}

TEST(Lint, RoutesThatSeveralEarlierOnesCoverTogether) {
    EXPECT_EQ(lint_text(example_with({{"tests/vip.yaml", ""}, {"routing.yaml", R"(routes:
  - name: few orders
    when: { customer.orders: { below: 3 } }
    queue: sales
  - name: calls
    when: { channel.kind: phone }
    queue: sales
  - name: many orders
    when: { customer.orders: { at_least: 3 } }
    queue: sales
  - name: vip letters
    when: { channel.kind: email, segment.value: vip }
    queue: concierge
fallback: { queue: general }
)"}})),
              "routing.yaml:11:11: warning: route \"vip letters\" can never be reached: \"few orders\" (line 2) and "
              "\"many orders\" (line 8) together take everything that it would\n"
              "routing.yaml:14:11: warning: route \"fallback\" can never be reached: \"few orders\" (line 2) and "
              "\"many orders\" (line 8) together take everything that it would\n");
}

TEST(Lint, WhatCanNeverHold) {
    EXPECT_EQ(lint_text(example_with({{"tests/vip.yaml", ""},
                                      {"routing.yaml", R"(routes:
  - name: none of three
    when:
      segment.value: { not: vip }
      none: [ { segment.value: regular }, { segment.value: newcomer } ]
    queue: sales
  - name: an alternative too many
    when:
      channel.kind: [phone, chat]
      any:
        - contact.language: es
        - channel.kind: email
    queue: sales
fallback: { queue: general }
escalations:
  - { name: soon, when: { ticket.waiting: { above: 5m, below: 1m } }, then: { notify: ann } }
)"},
                                      {"stages.yaml", R"(stages:
  - { name: considering }
  - { name: onboarding, when: { customer.orders: { above: 3 } } }
  - { name: established, when: { customer.orders: { at_least: 1 } } }
)"}})),
              "routing.yaml:2:11: warning: its condition can never hold\n"
              "routing.yaml:12:11: warning: this alternative can never hold together with the rest of the condition\n"
              "routing.yaml:16:27: warning: can never hold together with ticket.waiting: { above: 5m } (line 16)\n"
              "stages.yaml:3:13: warning: stage \"onboarding\" can never be reached: \"established\" (line 4) takes "
              "everything that it would\n");
}

TEST(Lint, StepsThatDoNotWiden) {
    EXPECT_EQ(lint_text(example_with({{"tests/vip.yaml", ""}, {"routing.yaml", R"(routes:
  - name: a
    when: { stage: onboarding }
    queue: general
    steps:
      - { require: { concierge: 3 }, for: 10s }
      - { require: { concierge: 5 }, for: 10s }
      - { require: { concierge: 5 } }
fallback: { queue: general }
)"}})),
              "routing.yaml:7:9: warning: this step does not widen the one before it: who could be offered then may "
              "not be now\n"
              "routing.yaml:8:9: warning: this step asks for the same as the one before it\n");
}

TEST(Lint, WhatNobodyInTheRosterCanDo) {
    settings::problems found;
    const auto roster = read_roster("people.yaml", R"(people:
  - { login: ann, queues: [concierge, general], skills: { concierge: 8 }, languages: { en: 9 }, password: x }
  - { login: bo, queues: [sales, general], languages: [es] }
)",
                                    found);
    ASSERT_TRUE(found.empty());
    ASSERT_EQ(roster.size(), 2U);
    EXPECT_EQ(roster[1].languages.at("es"), 10);
    EXPECT_EQ(lint_text(example_files(), &roster),
              "queues.yaml: warning: nobody serves the queue \"onboarding-pilot\"\n"
              "routing.yaml:11:9: warning: nobody in the queue \"concierge\" has the language es\n");
}

TEST(Lint, KindsOfCustomerWithoutAScript) {
    const auto gaps = [](const std::map<std::string, std::string>& changes) {
        std::size_t count = 0;
        for (const auto& each : lint(compiled(example_with(changes))))
            count += each.message.starts_with("no script for") ? 1U : 0U;
        return count;
    };
    EXPECT_GT(gaps({}), 0U);
    EXPECT_EQ(gaps({{"scripts/all.md", "---\nid: all\n---\nhello\n"}}), 0U)
        << "a script without a language fits everyone";
    EXPECT_EQ(gaps({{"scripts/all.md", "---\nid: all\nfor: { language: en }\n---\nhello\n"}}), 6U)
        << "one per channel, in Spanish";
}

TEST(RuleTests, TheExamplePassesAndReachesEveryRoute) {
    const auto report = run_tests(compiled(example_files()));
    EXPECT_EQ(report.passed, 4U);
    EXPECT_TRUE(report.failed.empty()) << to_text(report);
    EXPECT_TRUE(report.routes_never_reached.empty());
    EXPECT_EQ(report.route_coverage, 1.0);
    EXPECT_EQ(report.routes, 4U);
    EXPECT_NE(to_text(report).find("routes: 4 of 4 decided a test (100.0%)\n"), std::string::npos) << to_text(report);
    EXPECT_NE(to_text(report).find(" held in a test (9"), std::string::npos) << to_text(report);
    ASSERT_EQ(report.conditions_never_met.size(), 1U);
    EXPECT_EQ(settings::to_text(report.conditions_never_met[0]),
              "routing.yaml:20:11: warning: held in no test: contact.intent: talk_to_sales");
}

TEST(RuleTests, DifferencesSayWhatWasExpectedAndWhatIs) {
    const auto report = run_tests(compiled(example_with({{"tests/vip.yaml", R"(tests:
  - name: wrong
    given: { contact: { channel: { name: a, kind: phone } } }
    expect: { route: vip calls, priority: { at_least: high }, customer.orders: 3, articles: [after-hours, nothing] }
)"}})));
    ASSERT_EQ(report.failed.size(), 1U);
    EXPECT_EQ(
        report.failed[0].differences,
        (std::vector<std::string>{
            "expected route: vip calls; it is \"fallback\"", "expected priority: { at_least: high }; it is \"normal\"",
            "expected customer.orders: 3; it is 0", "expected articles: nothing; it is [\"after-hours\"]"}));
    EXPECT_EQ(report.routes_never_reached.size(), 3U);
    EXPECT_NE(to_text(report).find("0 passed, 1 failed"), std::string::npos);
    EXPECT_TRUE(json::document::parse(to_json(report)));
}

TEST(RuleTests, ProblemsInThemAreReportedWithTheirPlace) {
    std::string all;
    for (const auto& each : check_tests(compiled(example_with({{"tests/vip.yaml", R"(tests:
  - name: a
    given: { now: noon, contact: { chanel: x }, customer: { ordrs: 1 }, queues: { sale: {} }, share: { vip calls: in } }
    expect: { rout: x, queue: genral, stage: { at_leest: y } }
  - name: a
    expect: {}
)"}}))))
        all += settings::to_text(each) + '\n';
    EXPECT_EQ(all,
              "tests/vip.yaml:3:19: error: now: must be a time such as 2026-11-23T10:00:00-06:00, not \"noon\"\n"
              "tests/vip.yaml:3:36: error: unknown key \"chanel\", did you mean \"channel\"?\n"
              "tests/vip.yaml:3:61: error: unknown key \"ordrs\", did you mean \"orders\"?\n"
              "tests/vip.yaml:3:83: error: there is no queue \"sale\", did you mean \"sales\"?\n"
              "tests/vip.yaml:3:104: error: there is no route \"vip calls\" with a share\n"
              "tests/vip.yaml:4:15: error: there is no fact \"rout\", did you mean \"route\"?\n"
              "tests/vip.yaml:4:31: error: queue: \"genral\" is not one of concierge, sales, onboarding-pilot, "
              "general, did you "
              "mean \"general\"?\n"
              "tests/vip.yaml:4:48: error: there is no operator \"at_leest\", did you mean \"at_least\"?\n"
              "tests/vip.yaml:5:11: error: there is a test \"a\" already\n"
              "tests/vip.yaml:6:13: error: expect: expects nothing\n");
}

}  // namespace
}  // namespace kindred::rules
