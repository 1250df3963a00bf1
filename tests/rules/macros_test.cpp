#include "engine/rules/macros.hpp"

#include "rules/support/rulesets.hpp"

#include <gtest/gtest.h>

namespace kindred::rules {
namespace {

using testing_support::compiled;
using testing_support::example_with;

TEST(Macros, AreThoseThatFitInTheOrderOfTheFileWithTheirWordsFilled) {
    const auto rules = compiled(example_with({{"macros.yaml", R"(macros:
  - name: ask for the model
    when: { channel.kind: [email, chat] }
    reply: "Hello {{ customer.name | there }}, which model?"
    note: "Asked {{ customer.name | somebody }}."
    snooze: 2d
  - { name: by phone, when: { channel.kind: phone }, reply: Say your name first }
  - { name: hand on, queue: general }
  - { name: close, resolve: "" }
)"}}));
    contact about;
    about.kind = channel_kind::chat;
    customer who;
    const empty_board board;
    const auto names = [](const std::vector<macro>& all) {
        std::string said;
        for (const auto& each : all) said += each.name + "|";
        return said;
    };
    auto fitting = macros_for(rules, {about, who, time_point{}, board});
    EXPECT_EQ(names(fitting), "ask for the model|hand on|close|");
    EXPECT_EQ(fitting[0].reply, "Hello there, which model?");
    EXPECT_EQ(fitting[0].snooze, std::chrono::hours{48});
    EXPECT_EQ(fitting[1].queue, "general");
    EXPECT_EQ(fitting[2].disposition, "");
    EXPECT_EQ(fitting[0].disposition, std::nullopt);
    who.name = "Ada";
    about.kind = channel_kind::email;
    fitting = macros_for(rules, {about, who, time_point{}, board});
    EXPECT_EQ(fitting[0].reply, "Hello Ada, which model?");
    EXPECT_EQ(fitting[0].note, "Asked Ada.");
    about.kind = channel_kind::phone;
    EXPECT_EQ(names(macros_for(rules, {about, who, time_point{}, board})), "by phone|hand on|close|");
}

}  // namespace
}  // namespace kindred::rules
