#include "engine/runtime/tickets/mentions.hpp"

#include "tests/runtime/support/site_run.hpp"

#include <gtest/gtest.h>

namespace kindred::runtime {
namespace {

person named(std::uint64_t id, const std::string& login) {
    auto made = agent_named(login);
    made.id = agent_id{id};
    return made;
}

TEST(mentions, AreLogInsBehindAnAtAndNothingElse) {
    const roster people({named(1, "ann"), named(2, "bo"), named(3, "bo.berg"), named(4, "josé")});
    const auto ids = [&](std::string_view text) {
        std::vector<std::uint64_t> found;
        for (const auto each : mentioned_in(text, people)) found.push_back(each.value);
        return found;
    };
    using numbers = std::vector<std::uint64_t>;
    EXPECT_EQ(ids("@ann, could you and @bo look?"), (numbers{1, 2}));
    EXPECT_EQ(ids("@bo. And @bo.berg. And @bo again"), (numbers{2, 3}));
    EXPECT_EQ(ids("(@ann)@josé"), (numbers{1, 4}));
    EXPECT_EQ(ids("mail bo@ann or x.@ann, @nobody, @ann's? @anna @"), (numbers{1}));
    EXPECT_EQ(ids("@"), numbers{});
    EXPECT_EQ(ids(""), numbers{});
}

TEST(mentions, AreToldOnceAndKeptUntilSeen) {
    site_run run;
    const auto desk = run.open_desk(site_run::ben);
    const auto ticket = run.contact(message_of("v1", "m1")).ticket;
    ASSERT_TRUE(run.act(site_run::ann, ticket, action::note{"@ben @ben and I, @ann"}));
    const auto told = frames_of(*desk, "mention");
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0]["by"]["name"].text(), "ann");
    EXPECT_EQ(told[0]["ticket"]["id"].text(), to_string(ticket));
    const auto kept = run.durable().kept(mention_rows, mention_prefix(site_run::ben), {}, 10).value();
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].id, mention_key(site_run::ben, ticket));
    EXPECT_TRUE(run.durable().kept(mention_rows, mention_prefix(site_run::ann), {}, 10).value().empty())
        << "who writes knows";
}

}  // namespace
}  // namespace kindred::runtime
