#include "engine/rules/self_service.hpp"

#include "engine/rules/compiled_rules.hpp"
#include "engine/rules/definitions.hpp"
#include "rules/support/rulesets.hpp"

#include <gtest/gtest.h>

namespace kindred::rules {
namespace {

ruleset saying(const std::string& section) {
    return testing_support::compiled(
        testing_support::example_with({{"routing.yaml", "fallback: { queue: general }\n" + section + "\n"}}));
}

bool leaves_to_people(const std::string& exclude, const customer& who, channel_kind kind = channel_kind::chat) {
    const auto rules = saying("self_service: { confidence: 0.5, exclude: " + exclude + " }");
    contact about;
    about.kind = kind;
    const empty_board board;
    const decision_input input{about, who, from_millis(1'790'000'000'000), board};
    return is_left_to_people(rules, input, rules.decide(input));
}

TEST(SelfService, IsReadOnceWithTheRules) {
    const auto wanted = saying(
                            "self_service: { confidence: 0.7, channels: social, exclude: { value: [vip, regular] }, "
                            "hold: 5m, faq: no }")
                            .compiled()
                            .self_service;
    EXPECT_EQ(wanted.confidence, 0.7);
    EXPECT_EQ(wanted.channels, std::vector{channel_kind::social});
    EXPECT_EQ(wanted.exclude.at("value"), (std::vector<std::string>{"vip", "regular"}));
    EXPECT_FALSE(wanted.exclude_when);
    EXPECT_EQ(wanted.hold, std::chrono::minutes{5});
    EXPECT_FALSE(wanted.faq);
    const auto usual = saying("").compiled().self_service;
    EXPECT_FALSE(usual.confidence);
    EXPECT_EQ(usual.channels, (std::vector{channel_kind::chat, channel_kind::email}));
    EXPECT_TRUE(usual.faq);
}

TEST(SelfService, LeavesGroupsStagesAndWhoeverAConditionNamesToPeople) {
    customer somebody;
    somebody.id = customer_id{1};
    auto pinned = somebody;
    pinned.pins = {{"value", "vip", {}, {}, {}, {}}};
    customer spanish = somebody;
    spanish.language = "es";
    EXPECT_FALSE(leaves_to_people("{ value: vip }", somebody));
    EXPECT_TRUE(leaves_to_people("{ value: vip }", pinned));
    EXPECT_TRUE(leaves_to_people("{ when: { segment.value: vip } }", pinned)) << "a condition knows the segments";
    EXPECT_FALSE(leaves_to_people("{ when: { segment.value: vip } }", somebody));
    EXPECT_TRUE(leaves_to_people("{ when: { customer.language: es } }", spanish));
    EXPECT_FALSE(leaves_to_people("{ when: { customer.language: es } }", somebody));
    EXPECT_TRUE(leaves_to_people("{ when: { channel.kind: email } }", somebody, channel_kind::email));
    EXPECT_FALSE(leaves_to_people("{ when: { channel.kind: email } }", somebody));
    // One of them is enough.
    EXPECT_TRUE(leaves_to_people("{ value: vip, when: { channel.kind: email } }", pinned));
    EXPECT_TRUE(leaves_to_people("{ value: vip, when: { channel.kind: email } }", somebody, channel_kind::email));
    EXPECT_FALSE(leaves_to_people("{ value: vip, when: { channel.kind: email } }", somebody));
}

TEST(SelfService, IsComparedByWhatItSays) {
    const auto own = [](const std::string& section) {
        std::string text;
        for (const auto& each : definitions_of(saying(section)))
            if (each.kind == "self-service")
                for (const auto& [key, value] : each.keys) text += key + "=" + value + ";";
        return text;
    };
    EXPECT_EQ(own(""), "");
    EXPECT_EQ(own("self_service: {}"), "");
    EXPECT_NE(own("self_service: { confidence: 0.5, exclude: { when: { channel.kind: email } } }"),
              own("self_service: { confidence: 0.5, exclude: { when: { channel.kind: chat } } }"));
    EXPECT_NE(own("self_service: { confidence: 0.5 }"), own("self_service: { confidence: 0.6 }"));
}

}  // namespace
}  // namespace kindred::rules
