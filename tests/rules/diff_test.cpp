#include "engine/rules/diff.hpp"
#include "rules/support/rulesets.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kindred::rules {
namespace {

using testing_support::compiled;
using testing_support::example_files;
using testing_support::example_with;

const time_point base = *parse_time("2026-11-23T10:00:00-06:00");

std::string text_of(const char* path) {
    for (const auto& each : example_files())
        if (each.path == path) return each.bytes;
    return {};
}

/// The example with one piece of a file replaced by another.
rule_files changed(const char* path, const std::string& from, const std::string& to) {
    auto text = text_of(path);
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    return example_with({{path, text}, {"tests/vip.yaml", ""}});
}

ruleset_diff diff_with(const rule_files& after) {
    return diff(compiled(example_with({{"tests/vip.yaml", ""}})), compiled(after), base);
}

const changed_treatment* between(const ruleset_diff& found, const std::string& from, const std::string& to) {
    for (const auto& each : found.treatments)
        if (each.before.queue == from && each.after.queue == to) return &each;
    return nullptr;
}

bool differs_in(const changed_treatment& treatment, const char* what) {
    return std::find(treatment.differs.begin(), treatment.differs.end(), what) != treatment.differs.end();
}

TEST(Diff, NothingOnTheSameFilesAndNothingThatComments) {
    EXPECT_EQ(to_text(diff_with(example_with({{"tests/vip.yaml", ""}}))), "the files are the same\n");
    const auto found = diff_with(changed("routing.yaml", "# sticky by customer", "# always the same customers"));
    EXPECT_TRUE(found.definitions.empty());
    EXPECT_TRUE(found.treatments.empty());
    EXPECT_GT(found.sampled, 50U);
}

TEST(Diff, ARouteThatGoesElsewhere) {
    const auto found = diff_with(changed("routing.yaml", "    queue: concierge\n", "    queue: sales\n"));
    ASSERT_EQ(found.definitions.size(), 1U);
    EXPECT_EQ(found.definitions[0].name, "vip calls");
    ASSERT_EQ(found.definitions[0].keys.size(), 1U);
    EXPECT_EQ(found.definitions[0].keys[0].key, "queue");
    const auto* moved = between(found, "concierge", "sales");
    ASSERT_NE(moved, nullptr);
    ASSERT_FALSE(moved->examples.empty());
    EXPECT_EQ(moved->examples[0].size(), 2U) << to_text(moved->examples[0]) << ": what does not matter is left out";
    EXPECT_TRUE(moved->examples[0].contains("channel.kind"));
    EXPECT_TRUE(moved->examples[0].contains("customer.lifetime_value"));
}

TEST(Diff, ABoundaryThatMovedIsFoundByContactsBetweenTheOldOneAndTheNew) {
    const auto found = diff_with(changed("segments.yaml", "at_least: 5000", "at_least: 3000"));
    const auto* moved = between(found, "general", "concierge");
    ASSERT_NE(moved, nullptr);
    for (const auto& example : moved->examples) {
        const auto value = std::get<double>(example.at("customer.lifetime_value"));
        EXPECT_GE(value, 3000);
        EXPECT_LT(value, 5000);
    }
}

TEST(Diff, AShareThatGrewIsFoundByCustomersInBetween) {
    const auto found = diff_with(changed("routing.yaml", "share: 20%", "share: 60%"));
    const auto* moved = between(found, "general", "onboarding-pilot");
    ASSERT_NE(moved, nullptr);
    EXPECT_TRUE(moved->examples[0].contains("customer.id"));
}

TEST(Diff, ANewNameAlone) {
    const auto found = diff_with(changed("routing.yaml", "newcomers who want a person", "people who want a person"));
    ASSERT_EQ(found.definitions.size(), 2U);
    ASSERT_FALSE(found.treatments.empty());
    for (const auto& each : found.treatments) {
        EXPECT_FALSE(differs_in(each, "queue"));
        EXPECT_TRUE(differs_in(each, "route"));
    }
}

TEST(Diff, TellsMovesThatMatterFromThoseThatDoNot) {
    const auto routes = [](const char* first, const char* second, const char* third) {
        const std::map<std::string, std::string> all{
            {"calls", "  - { name: calls, when: { channel.kind: phone }, queue: sales }\n"},
            {"vips", "  - { name: vips, when: { segment.value: vip }, queue: concierge }\n"},
            {"chats", "  - { name: chats, when: { channel.kind: chat, segment.value: newcomer }, queue: sales }\n"}};
        return example_with({{"tests/vip.yaml", ""},
                             {"routing.yaml", "routes:\n" + all.at(first) + all.at(second) + all.at(third) +
                                                  "fallback: { queue: general }\n"}});
    };
    const auto moves = [&](const rule_files& after) {
        const auto found = diff(compiled(routes("calls", "vips", "chats")), compiled(after), base);
        EXPECT_EQ(found.definitions.size(), 1U);
        EXPECT_EQ(found.definitions.at(0).what, changed_definition::kind::moved);
        return found.definitions.at(0).matters;
    };
    EXPECT_TRUE(moves(routes("vips", "calls", "chats")));
    EXPECT_FALSE(moves(routes("calls", "chats", "vips"))) << "no contact is both";
}

TEST(Diff, EveryExampleIsDecidedAsItSays) {
    const auto before = compiled(example_with({{"tests/vip.yaml", ""}}));
    const auto after = compiled(changed("stages.yaml", "at_least: 10", "at_least: 4"));
    const auto found = diff(before, after, base);
    ASSERT_FALSE(found.treatments.empty());
    for (const auto& each : found.treatments)
        for (const auto& example : each.examples) {
            const auto situation = situation_with(example, base);
            const fixed_board board(situation.queues);
            auto input = situation.input(board);
            input.shares_out = !situation.who.id;
            EXPECT_EQ(before.decide(input).route, each.before.route) << to_text(example);
            EXPECT_EQ(after.decide(input).route, each.after.route) << to_text(example);
        }
    EXPECT_EQ(to_json(found), to_json(diff(before, after, base))) << "the same every time";
}

TEST(Diff, OpeningHoursAreComparedForMoreThanAYear) {
    const auto found = diff_with(changed("calendars.yaml", "2026-12-25, ", ""));
    ASSERT_EQ(found.definitions.size(), 1U);
    EXPECT_EQ(found.definitions[0].of, "calendar");
    EXPECT_EQ(found.definitions[0].keys[0].before, "holiday");
}

}  // namespace
}  // namespace kindred::rules
